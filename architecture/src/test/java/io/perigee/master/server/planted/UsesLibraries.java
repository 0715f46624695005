package io.perigee.master.server.planted;

/** Each nested class uses what is seen elsewhere only. */
public final class UsesLibraries {
  private UsesLibraries() {}

  record Netty(io.netty.buffer.ByteBuf bytes) {}

  record JacksonJr(com.fasterxml.jackson.jr.ob.JSON json) {}

  record Picocli(picocli.CommandLine line) {}

  record Commons(org.apache.commons.compress.archivers.zip.ZipFile file) {}

  record Xz(org.tukaani.xz.XZInputStream stream) {}

  record Yaml(org.snakeyaml.engine.v2.api.LoadSettings settings) {}

  record Foreign(java.lang.foreign.Linker linker) {}

  record OtherLog(java.util.logging.Logger log) {}

  static final class Prints {
    private Prints() {}

    @SuppressWarnings("SystemOut") // It is here to be caught.
    static void print() {
      System.out.println();
    }
  }
}
