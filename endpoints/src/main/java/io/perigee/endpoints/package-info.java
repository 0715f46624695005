/**
 * What the master and the agent serve alike: answers in JSON (also as JSONP), answers rendered once
 * for all who ask at the same time ({@link io.perigee.endpoints.SharedAnswers}), the version,
 * metrics of the host, sandbox files, and the old JSON of resources, attributes and tasks that tools
 * read. Everything here may be used by any thread; nothing survives a restart.
 */
@NullMarked
package io.perigee.endpoints;

import org.jspecify.annotations.NullMarked;
