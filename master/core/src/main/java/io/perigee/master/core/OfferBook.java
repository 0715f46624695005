package io.perigee.master.core;

import io.perigee.master.core.SchedulerNotice.OfferOfAgent;
import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Offer;
import io.perigee.mesos.v1.Filters;
import io.perigee.mesos.v1.OfferID;
import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes offers of what the allocator gives away, and takes them back. */
final class OfferBook {
  /**
   * Offers in one event: keeps an event of a big cluster far below the bound of a stream's buffer.
   */
  private static final int MOST_IN_ONE_EVENT = 500;

  /** Filters.refuse_seconds, if it is absent or not a time; see mesos.proto, Filters. */
  private static final double DEFAULT_REFUSE_SECONDS = 5.0;

  private static final double MOST_REFUSE_SECONDS = 365 * 24 * 3600.0;

  private final Master master;

  OfferBook(Master master) {
    this.master = master;
  }

  /** Runs the allocator and tells each framework what it is offered. */
  void allocate(Turn turn) {
    Map<Framework, List<OfferOfAgent>> offered = new LinkedHashMap<>();
    master.allocator.run(
        turn.nowNanos(),
        (frameworkSlot, role, agentSlot, resources) -> {
          Framework framework = master.cluster.framework(frameworkSlot);
          Agent agent = master.cluster.agent(agentSlot);
          Offer offer = add(turn, framework, agent, role, resources);
          offered
              .computeIfAbsent(framework, f -> new ArrayList<>())
              .add(new OfferOfAgent(offer, agent.identity(), agent.executorIds(framework.id())));
        });
    offered.forEach((framework, offers) -> {
      for (int from = 0; from < offers.size(); from += MOST_IN_ONE_EVENT) {
        List<OfferOfAgent> some =
            List.copyOf(offers.subList(from, Math.min(offers.size(), from + MOST_IN_ONE_EVENT)));
        turn.notify(framework, new SchedulerNotice.Offers(framework.capabilities(), some));
      }
    });
  }

  private Offer add(Turn turn, Framework framework, Agent agent, String role, Resources resources) {
    Offer offer =
        new Offer(
            master.newOfferId(),
            framework.slot(),
            agent.slot(),
            framework.id(),
            agent.id(),
            role,
            resources);
    master.cluster.addOffer(offer);
    framework.counters().offerSent();
    if (master.config.offerTimeout() != null) {
      master.timers.set(
          new Timer.OfferTimeout(offer.id()),
          turn.nowNanos() + master.config.offerTimeout().toNanos());
    }
    return offer;
  }

  /** Takes an offer from the book; its resources stay charged to the framework. */
  void take(Offer offer) {
    master.cluster.removeOffer(offer);
    if (master.config.offerTimeout() != null) {
      master.timers.cancel(new Timer.OfferTimeout(offer.id()));
    }
  }

  /** Takes an offer back without a word: its framework is gone, or answered it wrongly. */
  void withdraw(Offer offer) {
    take(offer);
    master.allocator.release(
        offer.frameworkSlot(), offer.role(), offer.agentSlot(), offer.resources());
  }

  /** Takes an offer back and tells the framework. */
  void rescind(Turn turn, Offer offer) {
    Framework framework = master.cluster.framework(offer.frameworkSlot());
    framework.counters().offerRescinded();
    withdraw(offer);
    turn.notify(framework, new SchedulerNotice.Rescind(offer.id()));
  }

  void rescindAll(Turn turn, Agent agent) {
    List.copyOf(agent.offers()).forEach(offer -> rescind(turn, offer));
  }

  void withdrawAll(Framework framework) {
    List.copyOf(framework.offers()).forEach(this::withdraw);
  }

  /** An offer was not answered in time. */
  void expire(Turn turn, Timer.OfferTimeout timeout) {
    Offer offer = master.cluster.offer(timeout.offerId());
    if (offer != null) {
      rescind(turn, offer);
    }
  }

  /** DECLINE. Offers that the framework does not have (any more) are passed over. */
  void decline(Turn turn, Framework framework, List<OfferID> offerIds, Filters filters) {
    for (OfferID id : offerIds) {
      Offer offer = master.cluster.offer(id.getValue());
      if (offer != null && offer.frameworkSlot() == framework.slot()) {
        take(offer);
        framework.counters().offerDeclined();
        refuse(turn, framework, offer, offer.resources(), filters);
      }
    }
  }

  /**
   * Gives resources of an answered offer back, and does not offer them again to this framework for
   * a while.
   */
  void refuse(Turn turn, Framework framework, Offer offer, Resources unused, Filters filters) {
    master.allocator.refuse(
        framework.slot(),
        offer.role(),
        offer.agentSlot(),
        unused,
        refuseNanos(filters),
        turn.nowNanos());
  }

  /**
   * Gathers the offers of one answer.
   *
   * @param valid receives those that the framework has, also if the answer as a whole is wrong
   */
  Optional<String> collect(Framework framework, List<OfferID> ids, List<Offer> valid) {
    String problem = ids.isEmpty() ? "No offers specified" : null;
    Set<String> seen = new LinkedHashSet<>();
    for (OfferID id : ids) {
      Offer offer = master.cluster.offer(id.getValue());
      String found = null;
      if (!seen.add(id.getValue())) {
        found = "Duplicate offer " + id.getValue() + " in offer list";
      } else if (offer == null) {
        found = "Offer " + id.getValue() + " is no longer valid";
      } else if (offer.frameworkSlot() != framework.slot()) {
        found =
            "Offer "
                + id.getValue()
                + " has invalid framework "
                + offer.frameworkId()
                + " while framework "
                + framework.id()
                + " is expected";
      } else {
        if (!valid.isEmpty()) {
          found = mixture(valid.getFirst(), offer);
        }
        valid.add(offer);
      }
      problem = problem == null ? found : problem;
    }
    return Optional.ofNullable(problem);
  }

  private static @Nullable String mixture(Offer first, Offer other) {
    if (!first.role().equals(other.role())) {
      return "Aggregated offers must be allocated to the same role. Offer "
          + other.id()
          + " uses role '"
          + other.role()
          + "' but another is using role '"
          + first.role()
          + "'";
    }
    return first.agentSlot() == other.agentSlot()
        ? null
        : "Aggregated offers must belong to one single agent. Offer "
            + other.id()
            + " uses agent "
            + other.agentId()
            + " and agent "
            + first.agentId();
  }

  private static long refuseNanos(Filters filters) {
    double seconds = filters.getRefuseSeconds();
    if (!(seconds >= 0)) {
      seconds = DEFAULT_REFUSE_SECONDS;
    }
    return (long) (Math.min(seconds, MOST_REFUSE_SECONDS) * 1e9);
  }
}
