/** The perigee command as people type it, each verb in a process of its own. */
package io.perigee.endtoend.command;
