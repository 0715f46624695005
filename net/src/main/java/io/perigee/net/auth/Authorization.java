package io.perigee.net.auth;

/** Whether somebody may do something. */
public sealed interface Authorization {
  record Allowed() implements Authorization {}

  /**
   * @param reason for the audit log and for the person who was refused
   */
  record Denied(String reason) implements Authorization {}
}
