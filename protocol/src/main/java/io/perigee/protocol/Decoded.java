package io.perigee.protocol;

import com.google.protobuf.Message;

/** What came out of the bytes of a body. */
public sealed interface Decoded<M extends Message> {

  /** The message, with every required field. */
  record Parsed<M extends Message>(M message) implements Decoded<M> {}

  /**
   * The body is no JSON. Mesos answers 400 with {@code Failed to parse body into JSON: } and the
   * detail.
   *
   * @param detail where and near what, in picojson's words: {@code syntax error at line 1 near: ?}
   */
  record MalformedJson<M extends Message>(String detail) implements Decoded<M> {}

  /**
   * The body is JSON but not this message. Mesos answers 400 with {@code Failed to convert JSON
   * into Call protobuf: } and the detail.
   *
   * @param detail which field and why, in stout's words
   */
  record MisfitJson<M extends Message>(String detail) implements Decoded<M> {}

  /**
   * The body is not this message's protobuf form, or lacks a required field. Mesos answers 400 with
   * {@code Failed to parse body into Call protobuf}, an agent's operator API with {@code Failed to
   * parse body into a protobuf object}; neither says more.
   *
   * @param detail for the log
   */
  record MalformedProtobuf<M extends Message>(String detail) implements Decoded<M> {}
}
