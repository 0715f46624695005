package io.perigee.master.core.allocation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One role of the hierarchy. Its name as a contender is the last component of its path; the root
 * has none.
 *
 * <p>Nodes stay once made, as roles are few and come again; a role without clients costs one
 * comparison in a walk.
 */
final class RoleNode extends Contender {
  /** The whole role: {@code eng/web}. */
  final String path;

  final @Nullable RoleNode parent;

  /** From the root to this node. */
  final RoleNode[] lineage;

  /** Sub-roles, and {@link #clients} as one of them. */
  final Line children = new Line();

  final RoleClients clients = new RoleClients(this);
  private final Map<String, RoleNode> subroles = new LinkedHashMap<>();

  /** Clients that take offers, here and below. */
  int activeClients;

  RoleNode(String name, String path, @Nullable RoleNode parent) {
    super(name);
    this.path = path;
    this.parent = parent;
    int depth = parent == null ? 0 : parent.lineage.length;
    this.lineage = parent == null ? new RoleNode[1] : Arrays.copyOf(parent.lineage, depth + 1);
    this.lineage[depth] = this;
    children.add(clients);
  }

  static RoleNode root() {
    return new RoleNode("", "", null);
  }

  @Override
  Line line() {
    if (parent == null) {
      throw new IllegalStateException("the root has no siblings");
    }
    return parent.children;
  }

  /** The node of a role at or below this one, made if there is none yet. */
  RoleNode descend(String role) {
    RoleNode node = this;
    int from = 0;
    while (from <= role.length()) {
      int slash = role.indexOf('/', from);
      int to = slash < 0 ? role.length() : slash;
      RoleNode upper = node;
      node = node.subroles.get(role.substring(from, to));
      if (node == null) {
        node = new RoleNode(role.substring(from, to), role.substring(0, to), upper);
        upper.subroles.put(node.name, node);
        upper.children.add(node);
      }
      from = to + 1;
    }
    return node;
  }

  Iterable<RoleNode> subroles() {
    return subroles.values();
  }
}
