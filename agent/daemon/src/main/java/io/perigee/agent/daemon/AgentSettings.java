package io.perigee.agent.daemon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.perigee.agent.containers.cgroup.CgroupPolicy;
import io.perigee.common.Checked;
import io.perigee.common.Problems;
import io.perigee.common.option.Option;
import io.perigee.common.option.OptionValues;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.model.Attribute;
import io.perigee.model.ResourceText;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.model.Roles;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options that need more than their type to be understood, with everything that is wrong about
 * them.
 *
 * @param workDir absolute
 */
record AgentSettings(
    URI master,
    Path workDir,
    Resources resources,
    List<Attribute> attributes,
    Map<String, String> executorEnvironment,
    CgroupPolicy cgroups) {

  private static final URI NOWHERE = URI.create("http://0.0.0.0:0");

  /** Stands in for a work directory that is not given. */
  private static final Path ROOT = Path.of("/");

  /**
   * Reads the options and makes the work directory; what comes back is usable only if nothing was
   * added to the problems.
   */
  static AgentSettings read(OptionValues values, Problems problems) {
    Path workDir = workDir(values, problems);
    if (workDir == null) {
      return of(values, ROOT, ROOT, problems);
    }
    WorkDirectory.make(workDir, values.named(AgentOptions.WORK_DIR), problems);
    return of(values, workDir, workDir, problems);
  }

  /** The same without making anything. */
  static AgentSettings check(OptionValues values, Problems problems) {
    Path workDir = workDir(values, problems);
    Path existing =
        workDir == null
            ? ROOT
            : WorkDirectory.check(workDir, values.named(AgentOptions.WORK_DIR), problems);
    Path cache = values.find(AgentOptions.FETCHER_CACHE_DIR);
    if (cache != null) {
      WorkDirectory.check(
          cache.toAbsolutePath(), values.named(AgentOptions.FETCHER_CACHE_DIR), problems);
    }
    return of(values, workDir == null ? ROOT : workDir, existing, problems);
  }

  private static AgentSettings of(
      OptionValues values, Path workDir, Path existing, Problems problems) {
    return new AgentSettings(
        master(values, problems),
        workDir,
        resources(values, existing, problems),
        attributes(values, problems),
        environment(values, problems),
        cgroups(values, problems));
  }

  private static URI master(OptionValues values, Problems problems) {
    String text = values.find(AgentOptions.MASTER);
    if (text == null) {
      problems.add(missing(AgentOptions.MASTER, "HOST:PORT"));
      return NOWHERE;
    }
    try {
      String scheme = values.find(AgentOptions.TLS_CA_FILE) == null ? "http" : "https";
      URI uri = URI.create(text.contains("://") ? text : scheme + "://" + text);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null && uri.getPort() > 0) {
        return uri;
      }
    } catch (IllegalArgumentException malformed) {
      // Falls through to the one message for all.
    }
    problems.add(
        values.named(AgentOptions.MASTER) + ": '" + text + "' is no address (expected: HOST:PORT)");
    return NOWHERE;
  }

  private static String missing(Option<?> option, String form) {
    return "%s is missing (expected: %s=%s, or '%s: %s' in the configuration file)"
        .formatted(option.flag(), option.flag(), form, option.key(), form);
  }

  private static @Nullable Path workDir(OptionValues values, Problems problems) {
    Path given = values.find(AgentOptions.WORK_DIR);
    if (given == null) {
      problems.add(missing(AgentOptions.WORK_DIR, "PATH"));
      return null;
    }
    return given.toAbsolutePath().normalize();
  }

  private static Resources resources(OptionValues values, Path existing, Problems problems) {
    String text = values.find(AgentOptions.RESOURCES);
    String role = values.get(AgentOptions.DEFAULT_ROLE);
    Roles.problem(role)
        .ifPresent(p -> problems.add(values.named(AgentOptions.DEFAULT_ROLE) + ": " + p));
    Checked<Resources> given =
        text == null || text.isBlank()
            ? Checked.valid(Resources.EMPTY)
            : text.strip().startsWith("[")
                ? fromJson(text)
                : ResourceText.parseResources(text, role);
    switch (given) {
      case Checked.Invalid<Resources>(String problem) -> {
        problems.add(values.named(AgentOptions.RESOURCES) + ": " + problem);
        return Resources.EMPTY;
      }
      case Checked.Valid<Resources>(Resources valid) -> {
        try {
          return HostResources.detect(existing).complete(valid, role);
        } catch (IOException unknown) {
          problems.add(
              values.named(AgentOptions.WORK_DIR)
                  + ": the size of its disk cannot be told: "
                  + unknown.getMessage());
          return valid;
        }
      }
    }
  }

  /** An array of Resource objects: read as the resources of a message, which has the same form. */
  private static Checked<Resources> fromJson(String text) {
    if (!isOneArray(text)) {
      return Checked.invalid("not an array (expected: [{\"name\": \"cpus\", ...}, ...])");
    }
    byte[] body =
        ("{\"hostname\":\"\",\"resources\":" + text + "}")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return switch (MesosJson.V1.read(body, AgentInfo.getDefaultInstance())) {
      case Decoded.Parsed<AgentInfo>(AgentInfo info) -> ResourceWire.read(info.getResourcesList());
      case Decoded.MalformedJson<AgentInfo>(String detail) -> Checked.invalid(detail);
      case Decoded.MisfitJson<AgentInfo>(String detail) -> Checked.invalid(detail);
      case Decoded.MalformedProtobuf<AgentInfo>(String detail) -> Checked.invalid(detail);
    };
  }

  private static boolean isOneArray(String json) {
    try (JsonParser in = new JsonFactory().createParser(json)) {
      return in.nextToken() == JsonToken.START_ARRAY
          && in.skipChildren().currentToken() == JsonToken.END_ARRAY
          && in.nextToken() == null;
    } catch (IOException malformed) {
      return false;
    }
  }

  private static List<Attribute> attributes(OptionValues values, Problems problems) {
    String text = values.find(AgentOptions.ATTRIBUTES);
    return switch (ResourceText.parseAttributes(text == null ? "" : text)) {
      case Checked.Valid<List<Attribute>>(List<Attribute> attributes) -> attributes;
      case Checked.Invalid<List<Attribute>>(String problem) -> {
        problems.add(values.named(AgentOptions.ATTRIBUTES) + ": " + problem);
        yield List.of();
      }
    };
  }

  private static CgroupPolicy cgroups(OptionValues values, Problems problems) {
    try {
      return new CgroupPolicy(
          values.get(AgentOptions.CGROUPS_ROOT), values.get(AgentOptions.CGROUPS_ENABLE_CFS));
    } catch (IllegalArgumentException unfit) {
      problems.add(values.named(AgentOptions.CGROUPS_ROOT) + ": " + unfit.getMessage());
      return CgroupPolicy.DEFAULT;
    }
  }

  private static Map<String, String> environment(OptionValues values, Problems problems) {
    Option<String> option = AgentOptions.EXECUTOR_ENVIRONMENT;
    String text = values.find(option);
    Map<String, String> variables = text == null ? Map.of() : objectOfTexts(text);
    if (variables == null) {
      problems.add(
          values.named(option) + ": not an object of texts (expected: {\"NAME\": \"value\"})");
      return Map.of();
    }
    return variables;
  }

  private static @Nullable Map<String, String> objectOfTexts(String json) {
    Map<String, String> texts = new LinkedHashMap<>();
    try (JsonParser in = new JsonFactory().createParser(json)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      List<String> names = new ArrayList<>();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        names.add(in.currentName());
        if (in.nextToken() != JsonToken.VALUE_STRING) {
          return null;
        }
        texts.put(names.getLast(), in.getText());
      }
      return in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null ? texts : null;
    } catch (IOException malformed) {
      return null;
    }
  }
}
