/**
 * Mesos' JSON for protobuf messages. It is not proto3's mapping: 64-bit integers are numbers, names
 * stand as in the proto file, explicit defaults are written though unset.
 *
 * <p>{@link io.perigee.protocol.json.MesosJson} is the door; behind it a plan for each message type
 * is made once from its descriptor, and each call walks a message or a body along these plans. Pure
 * and safe for any thread.
 *
 * <p>Sources: stout's {@code protobuf.hpp}, {@code json.hpp} and {@code base64.hpp}, picojson 1.3.0
 * and RapidJSON 1.1.0 with Mesos' patches, and bodies recorded from Mesos 1.11.
 */
@NullMarked
package io.perigee.protocol.json;

import org.jspecify.annotations.NullMarked;
