package io.perigee.benchmarks.process;

import com.sun.management.ThreadMXBean;
import io.perigee.agent.daemon.AgentOptions;
import io.perigee.agent.daemon.AgentProcess;
import io.perigee.common.Problems;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionValues;
import io.perigee.master.server.MasterOptions;
import io.perigee.master.server.MasterProcess;
import io.perigee.net.EventLoops;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;

/**
 * A master or an agent: {@code master --port=0}, {@code agent --master=...}. Says its address when
 * it serves, an agent when it is registered too. Then answers each line of input with the bytes
 * that its threads have allocated so far. Ends when its input does.
 */
public final class DaemonMain {
  private DaemonMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Problems problems = new Problems();
    try (EventLoops loops = new EventLoops("net", Runtime.getRuntime().availableProcessors())) {
      if (args[0].equals("master")) {
        master(read(MasterOptions.TABLE, args, problems), loops, problems);
      } else {
        agent(read(AgentOptions.TABLE, args, problems), loops, problems);
      }
    }
    problems.texts().forEach(System.err::println);
    System.exit(problems.isEmpty() ? 0 : 2);
  }

  private static OptionValues read(OptionTable table, String[] args, Problems problems) {
    return table.read(Arrays.asList(args).subList(1, args.length), Map.of(), problems);
  }

  private static void master(OptionValues values, EventLoops loops, Problems problems)
      throws IOException {
    MasterProcess master = MasterProcess.start(values, loops, problems, DaemonMain::fail);
    if (master != null) {
      try (master) {
        System.out.println(master.uri());
        awaitEndOfInput();
      }
    }
  }

  private static void agent(OptionValues values, EventLoops loops, Problems problems)
      throws IOException, InterruptedException {
    AgentProcess agent = AgentProcess.start(values, loops, problems, DaemonMain::fail);
    if (agent != null) {
      try (agent) {
        while (!agent.isRegistered()) {
          Thread.sleep(1);
        }
        System.out.println(agent.uri());
        awaitEndOfInput();
      }
    }
  }

  private static void fail(Throwable cause) {
    cause.printStackTrace();
    Runtime.getRuntime().halt(1);
  }

  private static void awaitEndOfInput() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int read = System.in.read(); read >= 0; read = System.in.read()) {
      if (read == '\n') {
        System.out.println(threads.getTotalThreadAllocatedBytes());
      }
    }
  }
}
