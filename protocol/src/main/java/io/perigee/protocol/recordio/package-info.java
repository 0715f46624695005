/**
 * RecordIO, the framing of Mesos' streams: a record is its length in bytes as decimal digits, one
 * line feed, and that many bytes; nothing between records. Pure. Source: the manual's page on the
 * scheduler HTTP API and libprocess' recordio.hpp.
 */
@NullMarked
package io.perigee.protocol.recordio;

import org.jspecify.annotations.NullMarked;
