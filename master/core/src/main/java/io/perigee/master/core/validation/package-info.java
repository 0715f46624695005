/**
 * What a call, a framework, a task must look like, and Mesos' words for what is wrong. Pure
 * functions; those that look at a call alone may run on any thread.
 */
@NullMarked
package io.perigee.master.core.validation;

import org.jspecify.annotations.NullMarked;
