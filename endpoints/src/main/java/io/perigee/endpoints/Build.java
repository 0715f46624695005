package io.perigee.endpoints;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.mesos.v1.VersionInfo;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Properties;

/**
 * Which Perigee this is, and which Mesos it stands in for.
 *
 * @param version of Perigee
 * @param commit that it was built from, or {@code unknown}
 * @param time of the build, seconds since the epoch; 0 if it was not told
 */
public record Build(String version, String commit, double time) {
  /** Digits and dots only: clients turn each part into a number. */
  public static final String MESOS_VERSION = "1.11.0";

  private static final String USER = "perigee";

  /** Of the jar that this class comes from. */
  public static Build current() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(
        properties.getProperty("version", "unknown"),
        properties.getProperty("commit", "unknown"),
        Double.parseDouble(properties.getProperty("time", "0")));
  }

  /**
   * The fields, all of them Mesos', of {@code /version}, and of the beginning of {@code /state}.
   */
  public void write(JsonGenerator out) throws IOException {
    out.writeStringField("build_date", date());
    out.writeFieldName("build_time");
    MesosJson.writeNumber(time, out);
    out.writeStringField("build_user", USER);
    out.writeStringField("version", MESOS_VERSION);
    out.writeStringField("git_sha", commit);
    out.writeStringField("git_tag", tag());
  }

  /** The answer to GET_VERSION. */
  public VersionInfo message() {
    return VersionInfo.newBuilder()
        .setVersion(MESOS_VERSION)
        .setBuildDate(date())
        .setBuildTime(time)
        .setBuildUser(USER)
        .setGitSha(commit)
        .setGitTag(tag())
        .build();
  }

  private String date() {
    return Instant.ofEpochSecond((long) time).toString();
  }

  private String tag() {
    return "perigee-" + version;
  }
}
