package io.perigee.agent.fetcher;

import io.perigee.mesos.v1.CommandInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches everything of one container, in order, and gives it to its owner. */
final class FetchJob implements Callable<FetchOutcome> {
  private static final Logger LOG = LoggerFactory.getLogger(FetchJob.class);

  private static final int EXECUTABLE = 0755;

  /**
   * What all jobs share.
   *
   * @param extractions permits to unpack, since that takes memory and processors
   */
  record Shared(
      FetcherOptions options, Download download, FetchCache cache, Semaphore extractions) {}

  private final FetchRequest request;
  private final Shared shared;
  private final SandboxTree tree;

  FetchJob(FetchRequest request, Shared shared) {
    this.request = request;
    this.shared = shared;
    this.tree = new SandboxTree(request.sandbox());
  }

  @Override
  public FetchOutcome call() throws InterruptedException {
    try {
      fetchAll();
      giveToOwner();
      return new FetchOutcome.Fetched();
    } catch (IOException | RuntimeException | OutOfMemoryError failed) {
      if (Thread.interrupted()) { // What follows would fail at once.
        throw new InterruptedException("cancelled");
      }
      if (!(failed instanceof IOException)) {
        LOG.error("fetching for container {} failed", request.containerId(), failed);
      }
      return failed(FetchFailure.why(failed));
    }
  }

  private FetchOutcome failed(String why) {
    tell(why);
    try {
      giveToOwner();
    } catch (IOException e) {
      LOG.warn("cannot give {} to its owner: {}", request.sandbox(), e.toString());
    }
    return new FetchOutcome.Failed(
        "Failed to fetch all URIs for container '" + request.containerId() + "': " + why);
  }

  private void giveToOwner() throws IOException {
    if (request.owner() != null) {
      tree.giveTo(request.owner());
    }
  }

  private void fetchAll() throws IOException, InterruptedException {
    List<FetchUri> uris = new ArrayList<>();
    for (CommandInfo.URI uri : request.uris()) { // All of them first: a bad one costs no download.
      uris.add(FetchUri.of(uri, shared.options().frameworksHome()));
    }
    for (FetchUri uri : uris) {
      tell("Fetching '" + uri.shown() + "'");
      try {
        fetch(uri);
      } catch (IOException failed) {
        throw new FetchFailure(
            "Failed to fetch '" + uri.shown() + "': " + FetchFailure.why(failed), failed);
      }
      tell("Fetched '" + uri.shown() + "'");
    }
  }

  private void fetch(FetchUri uri) throws IOException, InterruptedException {
    if (uri.isCached()) {
      FetchCache.Lease lease;
      try {
        lease =
            shared
                .cache()
                .lease(
                    new FetchCache.Key(request.owner(), uri.value()),
                    file -> bring(uri.source(), file));
      } catch (IOException failed) {
        // As Mesos does: perhaps the other one was killed, or the cache's disk is full.
        tell("Fetching past the cache: " + FetchFailure.why(failed));
        fetchDirectly(uri);
        return;
      }
      try (lease) {
        takeFromCache(uri, lease.file());
      }
    } else {
      fetchDirectly(uri);
    }
  }

  private void fetchDirectly(FetchUri uri) throws IOException, InterruptedException {
    Path file = tree.place(uri.target());
    bring(uri.source(), file);
    if (uri.isExecutable()) {
      SandboxTree.setMode(file, EXECUTABLE);
    } else if (uri.isExtracted()) {
      extract(file, uri.target().getLast());
    }
  }

  /** An archive is unpacked only: it is not put into the sandbox itself, unlike without cache. */
  private void takeFromCache(FetchUri uri, Path cached) throws IOException, InterruptedException {
    if (!uri.isExecutable() && uri.isExtracted() && Extraction.isFor(uri.name())) {
      extract(cached, uri.name());
      return;
    }
    Path file = tree.place(uri.target());
    LocalCopy.copy(cached, file);
    if (uri.isExecutable()) {
      SandboxTree.setMode(file, EXECUTABLE);
    }
  }

  private void bring(FetchUri.Source source, Path file) throws IOException, InterruptedException {
    switch (source) {
      case FetchUri.Source.LocalFile(Path path) -> LocalCopy.run(path, file, request.owner());
      case FetchUri.Source.Web(java.net.URI uri) -> shared.download().run(uri, file);
    }
  }

  private void extract(Path file, String name) throws IOException, InterruptedException {
    if (Extraction.isFor(name)) {
      shared.extractions().acquire();
      try {
        Extraction.extract(file, name, tree, Extraction.Bounds.USUAL);
      } finally {
        shared.extractions().release();
      }
    }
  }

  /** Into the task's stderr, where its owner looks first. */
  private void tell(String text) {
    try {
      Files.writeString(
          request.sandbox().resolve("stderr"),
          text + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          LinkOption.NOFOLLOW_LINKS);
    } catch (IOException unwritable) {
      // The outcome tells it too.
      LOG.debug("cannot write to stderr of {}", request.containerId(), unwritable);
    }
  }
}
