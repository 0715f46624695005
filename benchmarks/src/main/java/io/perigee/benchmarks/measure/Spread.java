package io.perigee.benchmarks.measure;

/**
 * How samples lie, in the unit of their figure.
 *
 * @param count of the samples
 */
public record Spread(int count, double p50, double p95, double p99) {}
