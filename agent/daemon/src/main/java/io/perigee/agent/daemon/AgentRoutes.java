package io.perigee.agent.daemon;

import io.perigee.agent.core.AgentSnapshot;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.FileCalls;
import io.perigee.endpoints.FilesRoutes;
import io.perigee.endpoints.HelpPages;
import io.perigee.endpoints.HostFigures;
import io.perigee.endpoints.LibprocessRoutes;
import io.perigee.endpoints.LogVerbosity;
import io.perigee.endpoints.LogbackLevels;
import io.perigee.endpoints.PrometheusText;
import io.perigee.endpoints.SandboxFiles;
import io.perigee.net.Counters;
import io.perigee.net.server.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All that an agent serves but the executor API. */
final class AgentRoutes {
  /** First part of every path of the agent's own, which may be left out. */
  static final String PROCESS_ID = "slave(1)";

  private static final List<HelpPages.Entry> HELP =
      List.of(
          new HelpPages.Entry(
              PROCESS_ID, "api/v1", "Calls of the operator API: POST, JSON or protobuf."),
          new HelpPages.Entry(
              PROCESS_ID, "api/v1/executor", "Calls of executors: POST, JSON or protobuf."),
          new HelpPages.Entry(
              PROCESS_ID,
              "containers",
              "Containers and what they use; ?container_id=&framework_id=&executor_id=."),
          new HelpPages.Entry(PROCESS_ID, "flags", "The options that the agent was started with."),
          new HelpPages.Entry(PROCESS_ID, "health", "200 while the agent serves."),
          new HelpPages.Entry(PROCESS_ID, "monitor/statistics", "What executors use."),
          new HelpPages.Entry(
              PROCESS_ID, "state", "The agent, its frameworks, executors and tasks."));

  private AgentRoutes() {}

  /**
   * Puts them together.
   *
   * @param flags as {@code /flags} shows them
   * @param metrics all of the agent's own
   */
  static List<Route> of(
      AgentSnapshots snapshots,
      AgentJson json,
      Map<String, String> flags,
      ContainerReads containers,
      Function<AgentSnapshot, Map<String, Double>> metrics,
      SandboxFiles files,
      Counters counters) {
    Build build = Build.current();
    LogVerbosity verbosity = new LogVerbosity(LogbackLevels::set);
    List<HelpPages.Entry> help = new ArrayList<>(HELP);
    help.addAll(HelpPages.COMMON);
    List<Route> routes = new ArrayList<>();
    routes.addAll(new AgentReads(snapshots, json, containers, metrics, build).routes());
    routes.addAll(new FilesRoutes(files).routes());
    routes.add(
        new OperatorApi(
                snapshots,
                new OperatorReads(containers, metrics, flags, build),
                new FileCalls(files),
                verbosity)
            .route());
    routes.add(verbosity.route());
    routes.add(HostFigures.route());
    routes.addAll(LibprocessRoutes.of(PROCESS_ID));
    routes.add(new HelpPages(help).route());
    routes.add(
        Route.at("/metrics", (request, to) -> to.respond(PrometheusText.of(counters)))
            .methods("GET")
            .exactly());
    return routes;
  }
}
