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
 * The paths in a tree, the types of what is there, and the values that are the same in each run.
 * All elements of an array have one path, as have all values of an object whose keys are data.
 *
 * @param valuesByPath as text; {@link Natural} says which are left out
 */
record Shape(
    SortedMap<String, Set<String>> typesByPath, SortedMap<String, Set<String>> valuesByPath) {

  static Shape of(Object tree) {
    Shape shape = new Shape(new TreeMap<>(), new TreeMap<>());
    shape.add("$", tree, true);
    return shape;
  }

  private void add(String path, Object value, boolean isCompared) {
    typesByPath.computeIfAbsent(path, p -> new TreeSet<>()).add(Tree.type(value));
    switch (value) {
      case Map<?, ?> object -> {
        boolean isTable = Natural.isTable(lastField(path));
        object.forEach((key, field) -> {
          String name = isTable || ((String) key).startsWith("/") ? "*" : (String) key;
          add(path + "." + name, field, isCompared && Natural.isCompared((String) key));
        });
      }
      case List<?> array -> array.forEach(element -> add(path + "[]", element, isCompared));
      default -> {
        if (isCompared) {
          valuesByPath
              .computeIfAbsent(path, p -> new TreeSet<>())
              .add(String.valueOf(Natural.value(value)));
        }
      }
    }
  }

  /** How ours differs from this recorded one; empty if it does not. */
  List<String> differences(Shape ours) {
    List<String> differences = differencesOfTypes(ours);
    valuesByPath.forEach((path, values) -> {
      Set<String> others = ours.valuesByPath.get(path);
      boolean isOfOneType =
          typesByPath.get(path).equals(ours.typesByPath.getOrDefault(path, Set.of()));
      if (isOfOneType && !values.equals(others) && !values.equals(Set.of(Live.ANY))) {
        differences.add(path + " says " + others + ", not " + values);
      }
    });
    return differences;
  }

  /** The same without the values. */
  List<String> differencesOfTypes(Shape ours) {
    List<String> differences = new ArrayList<>();
    typesByPath.forEach((path, types) -> {
      Set<String> others = ours.typesByPath.get(path);
      if (others == null) {
        if (ours.typesByPath.containsKey(parent(path)) && isFixed(path)) {
          differences.add(path + " is missing");
        }
      } else if (!others.equals(types)) {
        differences.add(path + " is " + others + ", not " + types);
      }
    });
    ours.typesByPath.forEach((path, types) -> {
      if (!typesByPath.containsKey(path)
          && typesByPath.containsKey(parent(path))
          && isFixed(path)) {
        differences.add(path + " is new");
      }
    });
    return differences;
  }

  private static String lastField(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static boolean isFixed(String path) {
    return !Natural.isMeasured(lastField(parent(path)));
  }

  /** What is below something missing or new goes without saying. */
  private static String parent(String path) {
    return path.endsWith("[]")
        ? path.substring(0, path.length() - 2)
        : path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : path;
  }
}
