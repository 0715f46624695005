package io.perigee.endtoend.golden;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.perigee.endtoend.Tree;

/** What is spoken at a path: the messages of its protobuf bodies. */
enum Api {
  SCHEDULER(
      io.perigee.mesos.v1.scheduler.Call.getDefaultInstance(),
      io.perigee.mesos.v1.scheduler.Event.getDefaultInstance(),
      io.perigee.mesos.v1.scheduler.Event.getDefaultInstance()),
  EXECUTOR(
      io.perigee.mesos.v1.executor.Call.getDefaultInstance(),
      io.perigee.mesos.v1.executor.Event.getDefaultInstance(),
      io.perigee.mesos.v1.executor.Event.getDefaultInstance()),
  MASTER(
      io.perigee.mesos.v1.master.Call.getDefaultInstance(),
      io.perigee.mesos.v1.master.Response.getDefaultInstance(),
      io.perigee.mesos.v1.master.Event.getDefaultInstance()),
  /** It has no stream of events. */
  AGENT(
      io.perigee.mesos.v1.agent.Call.getDefaultInstance(),
      io.perigee.mesos.v1.agent.Response.getDefaultInstance(),
      io.perigee.mesos.v1.agent.Response.getDefaultInstance());

  private final Message call;
  private final Message answer;
  private final Message event;

  Api(Message call, Message answer, Message event) {
    this.call = call;
    this.answer = answer;
    this.event = event;
  }

  /** Bytes of a call in protobuf's text format. */
  byte[] encodeCall(String text) {
    return parse(call, text).toByteArray();
  }

  Object answer(String text) {
    return Tree.of(parse(answer, text));
  }

  Object answer(byte[] bytes) {
    return decode(answer, bytes);
  }

  /** An event in JSON or protobuf's text format. */
  Object event(String text) {
    return text.startsWith("{") ? Tree.json(text) : Tree.of(parse(event, text));
  }

  Object event(byte[] bytes) {
    return decode(event, bytes);
  }

  private static Message parse(Message type, String text) {
    Message.Builder message = type.newBuilderForType();
    try {
      TextFormat.merge(text, message);
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
    return message.buildPartial();
  }

  private static Object decode(Message type, byte[] bytes) {
    try {
      return Tree.of(type.newBuilderForType().mergeFrom(bytes).buildPartial());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
