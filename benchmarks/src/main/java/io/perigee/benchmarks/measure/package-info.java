/**
 * What every benchmark needs: samples, figures, the facts of the machine, and how they are printed.
 */
@NullMarked
package io.perigee.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
