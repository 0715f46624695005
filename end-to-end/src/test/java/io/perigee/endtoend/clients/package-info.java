/** Programs that others wrote for Apache Mesos, unmodified. */
package io.perigee.endtoend.clients;
