package io.perigee.master.core.cluster;

/** Names a task in the whole cluster: ids of tasks are unique within their framework only. */
public record TaskKey(String frameworkId, String taskId) {}
