package io.perigee.master.core.allocation;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A framework as the allocator sees it: its profile, and a client for each role it is or was in.
 */
final class FrameworkEntry {
  FrameworkProfile profile;
  final Map<String, Client> clients = new LinkedHashMap<>();

  FrameworkEntry(FrameworkProfile profile) {
    this.profile = profile;
  }
}
