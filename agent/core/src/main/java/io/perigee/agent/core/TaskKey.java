package io.perigee.agent.core;

/** Names a task in the whole cluster: ids of tasks are unique within their framework only. */
record TaskKey(String frameworkId, String taskId) {}
