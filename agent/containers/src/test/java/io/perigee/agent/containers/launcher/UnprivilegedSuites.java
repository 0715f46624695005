package io.perigee.agent.containers.launcher;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.perigee.agent.containers.plain.PlainProcessRuntimeIT;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the suites for UnprivilegedIT; exit code 0: some ran, none failed. */
public final class UnprivilegedSuites {
  private UnprivilegedSuites() {}

  public static void main(String[] arguments) throws IOException {
    System.out.println("ran as uid " + Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                selectClass(LauncherContainersIT.class),
                selectClass(LauncherDeathIT.class),
                selectClass(AgentDeathIT.class),
                selectClass(PlainProcessRuntimeIT.class))
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    TestExecutionSummary summary = listener.getSummary();
    summary.printTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 30);
    boolean good = summary.getTestsSucceededCount() > 50 && summary.getTotalFailureCount() == 0;
    System.exit(good ? 0 : 1);
  }
}
