package io.perigee.endtoend.golden;

import io.perigee.endtoend.Tree;
import java.util.stream.Collectors;

/**
 * Which event it is, whenever it comes: that of a recording and ours with equal keys are the same.
 */
final class EventKey {
  private EventKey() {}

  static String of(Object event) {
    String type = Tree.textAt(event, "type");
    return switch (type) {
      case "UPDATE" -> {
        Object status = Tree.at(event, "update", "status");
        String reason = Tree.textAt(status, "reason");
        yield String.join(
            " ",
            type,
            Tree.textAt(status, "task_id", "value"),
            Tree.textAt(status, "state"),
            reason.isEmpty() ? Tree.textAt(status, "source") : reason);
      }
      case "UPDATE_OPERATION_STATUS" -> {
        Object status = Tree.at(event, "update_operation_status", "status");
        yield String.join(
            " ", type, Tree.textAt(status, "operation_id", "value"), Tree.textAt(status, "state"));
      }
      case "OFFERS" -> {
        Object offer = Tree.listAt(event, "offers", "offers").getFirst();
        String names =
            Tree.listAt(offer, "resources").stream()
                .map(resource ->
                    Tree.textAt(resource, "name")
                        + (Tree.at(resource, "reservations") == null ? "" : "(reserved)")
                        + (Tree.at(resource, "disk") == null ? "" : "(volume)"))
                .sorted()
                .collect(Collectors.joining(" "));
        yield type
            + " of "
            + names
            + (Tree.at(offer, "executor_ids") == null ? "" : " with executors");
      }
      case "TASK_ADDED" -> type + " " + Tree.textAt(event, "task_added", "task", "name");
      case "TASK_UPDATED" -> {
        Object update = Tree.at(event, "task_updated");
        yield String.join(
            " ",
            type,
            Tree.textAt(update, "status", "task_id", "value"),
            Tree.textAt(update, "state"));
      }
      case "FAILURE" -> type + " " + Tree.textAt(event, "failure", "executor_id", "value");
      default -> type;
    };
  }

  /** Comes when there is something to offer or to say, not in answer to anything. */
  static boolean isOnlyNow(String key) {
    return key.startsWith("OFFERS") || key.equals("HEARTBEAT");
  }
}
