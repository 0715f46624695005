package io.perigee.common.planted;

import io.perigee.mesos.v1.TaskState;

/** The lowest module looks up. */
public record KnowsMesos(TaskState state) {}
