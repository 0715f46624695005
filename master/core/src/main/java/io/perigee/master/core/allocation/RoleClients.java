package io.perigee.master.core.allocation;

/**
 * The frameworks directly in a role, which together compete with the role's sub-roles: Mesos'
 * virtual leaf ".".
 */
final class RoleClients extends Contender {
  final RoleNode role;

  /** Clients that take offers. */
  final Line line = new Line();

  RoleClients(RoleNode role) {
    super(".");
    this.role = role;
  }

  @Override
  Line line() {
    return role.children;
  }
}
