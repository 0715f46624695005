package io.perigee.common.planted.half;

import io.perigee.common.planted.Circle;
import org.jspecify.annotations.Nullable;

/** The other half. */
public record Half(@Nullable Circle other) {}
