package io.perigee.endtoend.golden;

import io.perigee.endtoend.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The paths in a tree and the types of what is there. All elements of an array have one path, as
 * have all values of an object whose keys are data: flags, and the files by their paths.
 */
record Shape(SortedMap<String, Set<String>> typesByPath) {
  /** Objects whose keys are data. */
  private static final Set<String> TABLES = Set.of("flags");

  static Shape of(Object tree) {
    SortedMap<String, Set<String>> types = new TreeMap<>();
    add("$", tree, types);
    return new Shape(types);
  }

  private static void add(String path, Object value, SortedMap<String, Set<String>> types) {
    types.computeIfAbsent(path, p -> new TreeSet<>()).add(Tree.type(value));
    switch (value) {
      case Map<?, ?> object -> {
        boolean isTable = TABLES.contains(path.substring(path.lastIndexOf('.') + 1));
        object.forEach((key, field) -> {
          String name = isTable || ((String) key).startsWith("/") ? "*" : (String) key;
          add(path + "." + name, field, types);
        });
      }
      case List<?> array -> array.forEach(element -> add(path + "[]", element, types));
      default -> {}
    }
  }

  /** How ours differs from this recorded one; empty if it does not. */
  List<String> differences(Shape ours) {
    List<String> differences = new ArrayList<>();
    typesByPath.forEach((path, types) -> {
      Set<String> others = ours.typesByPath.get(path);
      if (others == null) {
        if (ours.typesByPath.containsKey(parent(path))) {
          differences.add(path + " is missing");
        }
      } else if (!others.equals(types)) {
        differences.add(path + " is " + others + ", not " + types);
      }
    });
    ours.typesByPath.forEach((path, types) -> {
      if (!typesByPath.containsKey(path) && typesByPath.containsKey(parent(path))) {
        differences.add(path + " is new");
      }
    });
    return differences;
  }

  /** What is below something missing or new goes without saying. */
  private static String parent(String path) {
    return path.endsWith("[]")
        ? path.substring(0, path.length() - 2)
        : path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : path;
  }
}
