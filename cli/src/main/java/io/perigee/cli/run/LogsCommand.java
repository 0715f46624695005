package io.perigee.cli.run;

import io.perigee.cli.ask.Cluster;
import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.ask.Fields;
import io.perigee.cli.ask.MasterOption;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code perigee logs}. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Shows what a task printed, also after its end while its sandbox is kept.")
public final class LogsCommand implements Callable<Integer> {
  private static final long STATE_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  @Mixin private MasterOption master = new MasterOption();

  @Parameters(paramLabel = "TASK", description = "A task's id, or how it begins.")
  private String task = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on with what the task prints, until it ends.")
  private boolean follow;

  @Option(
      names = {"-n", "--tail"},
      paramLabel = "LINES",
      description = "Begins with the last lines (of the last megabyte).")
  private @Nullable Integer tail;

  @Option(names = "--stderr", description = "Shows stderr rather than stdout.")
  private boolean wantsErrors;

  @Option(
      names = "--framework",
      paramLabel = "ID",
      description = "The task's framework, where several have a task of this id.")
  private @Nullable String framework;

  @Override
  public Integer call() throws CommandFailed {
    try (Cluster cluster = master.cluster()) {
      Fields found = cluster.task(task, framework);
      String id = found.text("id");
      String frameworkId = found.text("framework_id");
      String executorId = found.text("executor_id").isEmpty() ? id : found.text("executor_id");
      TaskFile file =
          new TaskFile(
              cluster.agent(found.text("slave_id")),
              frameworkId,
              executorId,
              wantsErrors ? "stderr" : "stdout");
      LineOutput output = new LineOutput(new FileOutputStream(FileDescriptor.out), true);
      if (tail != null) {
        output.write(file.lastLines(tail));
      }
      Follower.follow(
          file, output, follow ? new EndWatch(cluster, id, frameworkId)::hasEnded : () -> true);
      return 0;
    } catch (LineOutput.Closed closed) {
      return 0; // As for any program whose reader has seen enough.
    } catch (IOException unreadable) {
      throw new CommandFailed("the output cannot be read: " + unreadable.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted");
    }
  }

  /** Asks the master now and then whether the task has ended. */
  private static final class EndWatch {
    private final Cluster cluster;
    private final String taskId;
    private final String frameworkId;
    private long askedNanos = System.nanoTime() - STATE_EVERY_NANOS;
    private boolean hasEnded;

    private EndWatch(Cluster cluster, String taskId, String frameworkId) {
      this.cluster = cluster;
      this.taskId = taskId;
      this.frameworkId = frameworkId;
    }

    private boolean hasEnded() {
      if (!hasEnded && System.nanoTime() - askedNanos >= STATE_EVERY_NANOS) {
        askedNanos = System.nanoTime();
        try {
          hasEnded = Cluster.hasEnded(cluster.task(taskId, frameworkId));
        } catch (CommandFailed gone) {
          hasEnded = true; // The master is gone, or has forgotten the task.
        }
      }
      return hasEnded;
    }
  }
}
