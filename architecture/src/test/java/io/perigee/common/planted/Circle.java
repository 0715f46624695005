package io.perigee.common.planted;

import io.perigee.common.planted.half.Half;

/** One half of a cycle of packages. */
public record Circle(Half half) {}
