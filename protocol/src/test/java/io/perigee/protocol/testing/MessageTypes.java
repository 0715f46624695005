package io.perigee.protocol.testing;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import io.perigee.protocol.MesosFiles;
import java.util.Map;
import java.util.TreeMap;

/** The generated classes of the v1 messages. */
public final class MessageTypes {
  private MessageTypes() {}

  /**
   * The empty instance of every message type in the nine files, nested ones included, by its full
   * name such as {@code mesos.v1.scheduler.Call}.
   */
  public static Map<String, Message> prototypes() {
    Map<String, Message> prototypes = new TreeMap<>();
    for (FileDescriptor file : MesosFiles.ALL) {
      for (Descriptor type : file.getMessageTypes()) {
        add(file.getOptions().getJavaPackage() + "." + type.getName(), type, prototypes);
      }
    }
    return prototypes;
  }

  private static void add(String className, Descriptor type, Map<String, Message> prototypes) {
    try {
      prototypes.put(
          type.getFullName(),
          (Message) Class.forName(className).getMethod("getDefaultInstance").invoke(null));
    } catch (ReflectiveOperationException notGenerated) {
      throw new IllegalStateException(className, notGenerated);
    }
    for (Descriptor nested : type.getNestedTypes()) {
      if (!nested.getOptions().getMapEntry()) {
        add(className + "$" + nested.getName(), nested, prototypes);
      }
    }
  }
}
