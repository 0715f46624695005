/**
 * What the master and the agent serve alike: answers in JSON (also as JSONP), answers rendered once
 * for all who ask at the same time ({@link io.perigee.endpoints.SharedAnswers}), the version,
 * metrics of the host, sandbox files, help, the log's level, and the old JSON of resources,
 * attributes and tasks that tools read; and what a shell keeps for its core: requests that wait for
 * an answer, streams of records, readers that wait for a snapshot. What belongs to one thread says
 * so.
 */
@NullMarked
package io.perigee.endpoints;

import org.jspecify.annotations.NullMarked;
