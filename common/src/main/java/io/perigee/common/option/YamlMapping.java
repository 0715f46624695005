package io.perigee.common.option;

import io.perigee.common.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a file that is one YAML mapping of texts, lists of texts and mappings of these. It goes
 * through the parser's events and builds nothing else, so no document can grow in memory beyond its
 * size: anchors, aliases and tags are refused, and so is a file of more than {@value #MOST_BYTES}
 * bytes.
 */
final class YamlMapping {
  private static final int MOST_BYTES = 1 << 20;

  /** What YAML's core schema reads as null. */
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  private final Path file;
  private final Problems problems;
  private final Iterator<Event> events;
  private final Consumer<Entry> entries;

  /**
   * A key and what stands behind it.
   *
   * @param place of the key: {@code /etc/perigee/master.yml:3}
   */
  record Entry(String place, String key, YamlValue value) {}

  private YamlMapping(Path file, String text, Consumer<Entry> entries, Problems problems) {
    this.file = file;
    this.entries = entries;
    this.problems = problems;
    this.events = new Parse(SETTINGS).parseString(text).iterator();
  }

  /**
   * Reads a file.
   *
   * @param entries receives what it holds, in its order; a key may be there twice
   * @param problems receives everything that is wrong, each with file and line in front, when it is
   *     come across: entries before a line that is no YAML are read all the same
   */
  static void read(Path file, Consumer<Entry> entries, Problems problems) {
    String text = text(file, problems);
    if (text == null) {
      return;
    }
    YamlMapping mapping = new YamlMapping(file, text, entries, problems);
    try {
      mapping.document();
    } catch (MarkedYamlEngineException malformed) {
      problems.add(mapping.malformed(malformed));
    } catch (ReaderException unprintable) {
      int end = Math.min(unprintable.getPosition(), text.codePointCount(0, text.length()));
      String before = text.substring(0, text.offsetByCodePoints(0, end));
      problems.add(
          "%s:%d: character U+%04X is not expected in a text file"
              .formatted(file, 1 + newLines(before), unprintable.getCodePoint()));
    } catch (YamlEngineException malformed) {
      problems.add(file + ": not YAML: " + malformed.getMessage());
    }
  }

  private static @Nullable String text(Path file, Problems problems) {
    byte[] bytes;
    try {
      if (Files.isDirectory(file)) {
        problems.add(file + ": is a directory (expected: a file)");
        return null;
      }
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MOST_BYTES + 1);
      }
    } catch (NoSuchFileException missing) {
      problems.add(file + ": there is no such file");
      return null;
    } catch (AccessDeniedException denied) {
      problems.add(file + ": cannot be read: permission denied");
      return null;
    } catch (IOException unreadable) {
      problems.add(file + ": cannot be read: " + unreadable.getMessage());
      return null;
    }
    if (bytes.length > MOST_BYTES) {
      problems.add(file + ": is too large (expected: at most " + MOST_BYTES + " bytes)");
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    boolean isText = !decoder.decode(in, out, true).isError() && !decoder.flush(out).isError();
    String text = out.flip().toString();
    if (!isText) {
      problems.add(
          file + ":" + (1 + newLines(text)) + ": is not text (expected: YAML, encoded in UTF-8)");
      return null;
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static long newLines(String text) {
    return text.chars().filter(c -> c == '\n').count();
  }

  private String malformed(MarkedYamlEngineException malformed) {
    String place =
        malformed
            .getProblemMark()
            .map(at -> file + ":" + line(at) + ":" + (at.getColumn() + 1))
            .orElse(file.toString());
    String context = malformed.getContext() == null ? "" : malformed.getContext();
    String since =
        malformed.getContextMark().map(at -> " that begins in line " + line(at)).orElse("");
    return place
        + ": not YAML: "
        + (context.isEmpty() ? "" : context + since + ": ")
        + malformed.getProblem();
  }

  private void document() {
    events.next(); // The stream begins.
    if (!(events.next() instanceof DocumentStartEvent)) {
      return; // Nothing but comments.
    }
    Event root = events.next();
    if (root instanceof MappingStartEvent start && isPlain(start)) {
      topLevel();
    } else if (!(root instanceof ScalarEvent scalar && isNull(scalar))) {
      problem(root, "is no mapping (expected: lines of the form 'option: value')");
      skip(root);
    }
    events.next(); // The document ends.
    Event next = events.next();
    if (next instanceof DocumentStartEvent) {
      problem(next, "a second document begins (expected: one)");
    }
  }

  private void topLevel() {
    for (Event key = events.next(); !(key instanceof CollectionEndEvent); key = events.next()) {
      String name = key(key);
      YamlValue value = value(events.next(), name == null ? "" : name, true);
      if (name != null && value != null) {
        entries.accept(new Entry(place(key), name, value));
      }
    }
  }

  /** Null if it is no text; that is told. */
  private @Nullable String key(Event key) {
    if (key instanceof ScalarEvent scalar && isPlain(scalar)) {
      return scalar.getValue();
    }
    problem(key, "is no key (expected: the name of an option)");
    skip(key);
    return null;
  }

  /** Null if it is none of those expected; that is told, and it is passed over. */
  private @Nullable YamlValue value(Event event, String key, boolean mayBeMapping) {
    if (event instanceof AliasEvent) {
      problem(event, key + ": aliases are not expected (a text that begins with * needs quotes)");
      return null;
    }
    if (event instanceof NodeEvent node && !isPlain(node)) {
      problem(event, key + ": anchors and tags are not expected (a text with & or ! needs quotes)");
      skip(event);
      return null;
    }
    if (event instanceof ScalarEvent scalar) {
      return isNull(scalar) ? new YamlValue.Empty() : new YamlValue.Text(text(scalar));
    }
    if (event instanceof MappingStartEvent) {
      if (!mayBeMapping) {
        problem(event, key + ": a mapping within a mapping is not expected (expected: a text)");
        skip(event);
        return null;
      }
      return pairs(key);
    }
    return items(key);
  }

  /** A whole mapping, or null if something in it is wrong. */
  private @Nullable YamlValue pairs(String of) {
    Map<String, YamlValue> values = new LinkedHashMap<>();
    boolean isRight = true;
    for (Event key = events.next(); !(key instanceof CollectionEndEvent); key = events.next()) {
      String name = key(key);
      YamlValue value = value(events.next(), of + ": " + name, false);
      if (name == null || value == null) {
        isRight = false;
      } else if (values.put(name, value) != null) {
        problem(key, of + ": " + name + " is there twice");
        isRight = false;
      }
    }
    return isRight ? new YamlValue.Pairs(values) : null;
  }

  /** A whole list, or null if something in it is wrong. */
  private @Nullable YamlValue items(String of) {
    List<String> texts = new ArrayList<>();
    boolean isRight = true;
    for (Event item = events.next(); !(item instanceof CollectionEndEvent); item = events.next()) {
      if (item instanceof ScalarEvent scalar && isPlain(scalar)) {
        texts.add(text(scalar));
      } else if (isRight) {
        problem(item, of + ": a list of anything but texts is not expected (JSON needs quotes)");
        isRight = false;
        skip(item);
      } else {
        skip(item);
      }
    }
    return isRight ? new YamlValue.Items(texts) : null;
  }

  private static boolean isPlain(NodeEvent node) {
    boolean hasTag =
        switch (node) {
          case ScalarEvent scalar -> scalar.getTag().isPresent();
          case CollectionStartEvent start -> start.getTag().isPresent();
          default -> false;
        };
    return node.getAnchor().isEmpty() && !hasTag;
  }

  private static boolean isNull(ScalarEvent scalar) {
    return scalar.isPlain() && NULLS.contains(scalar.getValue());
  }

  /** A block ends with a line break that nobody means. */
  private static String text(ScalarEvent scalar) {
    boolean isBlock = scalar.isLiteral() || scalar.isFolded();
    return isBlock ? scalar.getValue().stripTrailing() : scalar.getValue();
  }

  /** Passes over what a node that begins holds. */
  private void skip(Event begun) {
    int depth = begun instanceof CollectionStartEvent ? 1 : 0;
    while (depth > 0) {
      switch (events.next()) {
        case CollectionStartEvent _ -> depth++;
        case CollectionEndEvent _ -> depth--;
        default -> {}
      }
    }
  }

  private void problem(Event at, String text) {
    problems.add(place(at) + ": " + text);
  }

  private String place(Event event) {
    return event.getStartMark().map(at -> file + ":" + line(at)).orElse(file.toString());
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }
}
