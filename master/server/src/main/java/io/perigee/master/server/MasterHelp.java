package io.perigee.master.server;

import io.perigee.endpoints.HelpPages;
import java.util.ArrayList;
import java.util.List;

/** What {@code /help} says of a master. */
final class MasterHelp {
  private static final String PROCESS = "master";

  private MasterHelp() {}

  static HelpPages pages() {
    List<HelpPages.Entry> entries = new ArrayList<>(HelpPages.COMMON);
    add(entries, "api/v1", "Calls of the operator API: POST, JSON or protobuf.");
    add(entries, "api/v1/scheduler", "Calls of schedulers: POST, JSON or protobuf.");
    add(entries, "flags", "The options that the master was started with.");
    add(entries, "frameworks", "Frameworks with their tasks; ?framework_id=.");
    add(entries, "health", "200 while the master serves.");
    add(entries, "maintenance/schedule", "Machines that are to be maintained.");
    add(entries, "maintenance/status", "How far maintenance is.");
    add(entries, "quota", "What is guaranteed to roles.");
    add(entries, "redirect", "Leads to the leading master.");
    add(entries, "roles", "Roles, and what they hold.");
    add(entries, "slaves", "Agents; ?slave_id=.");
    add(entries, "state", "Everything: agents, frameworks, tasks.");
    add(entries, "state-summary", "The same, with tasks counted.");
    add(
        entries,
        "tasks",
        "Tasks of all frameworks; ?limit=100&offset=0&order=des&framework_id=&task_id=.");
    add(entries, "teardown", "Ends a framework: POST frameworkId=.");
    add(entries, "weights", "Weights of roles that are not 1.");
    return new HelpPages(entries);
  }

  private static void add(List<HelpPages.Entry> entries, String name, String summary) {
    entries.add(new HelpPages.Entry(PROCESS, name, summary));
  }
}
