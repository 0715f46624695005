package io.perigee.master.core.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.SeededRandom;
import io.perigee.master.core.allocation.NaiveAllocator.ClientKey;
import io.perigee.master.core.allocation.NaiveAllocator.Holding;
import io.perigee.master.core.allocation.NaiveAllocator.Refusal;
import io.perigee.model.ResourceText;
import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Random clusters in random use: every offer goes to the client that the plain rules name, and
 * after a run nobody is left who would take what is free.
 */
class AllocatorLawsTest {
  private static final int SEEDS = 500;
  private static final int STEPS = 60;
  private static final List<String> ROLES = List.of("*", "a", "a/x", "a/y", "b", "b/x/z");
  private static final List<String> AGENTS =
      List.of(
          "cpus:4;mem:1000;ports:[1-100]",
          "cpus:8;mem:500",
          "cpus:2;mem:100;cpus(a):2;mem(a):50",
          "cpus:1;mem:64;disk(b):100;cpus(b):1",
          "mem:20;cpus(a):1;mem(a):50",
          "cpus:4;mem:100;gpus:1");

  /** Less than what is worth an offer to others. */
  private static final MinAllocatable LITTLE = MinAllocatable.parse("mem:10").orElseThrow();

  private int offers;

  @Test
  void offersFollowThePlainRulesAndNothingIsLeftThatSomebodyWouldTake() {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        run(seed);
      } catch (Throwable broken) {
        throw new AssertionError("seed " + seed, broken);
      }
    }
    assertThat(offers).isGreaterThan(SEEDS * 20);
  }

  private void run(int seed) {
    SeededRandom random = new SeededRandom(seed);
    AllocatorConfig config = AllocatorConfig.defaults();
    Allocator allocator = new Allocator(config, random.split());
    NaiveAllocator rules = new NaiveAllocator();
    long now = 1_000_000_000L;
    for (int step = 0; step < STEPS; step++) {
      now += 1_000_000 + random.nextLong(400_000_000L); // So that every run is due.
      change(random, allocator, rules, now);
      if (allocator.nextRunNanos() <= now) {
        long at = now;
        allocator.run(
            now,
            (framework, role, agent, resources) -> {
              ClientKey client = new ClientKey(framework, role);
              assertThat(rules.isAgentActive.get(agent)).isTrue();
              assertThat(rules.firstTaker(agent, config, at)).contains(client);
              assertThat(resources).isEqualTo(rules.offerable(client, agent, config, at));
              rules.give(client, agent, resources);
              offers++;
            });
      }
      for (int agent : rules.agents.keySet()) {
        assertThat(allocator.available(agent)).isEqualTo(rules.available(agent));
        if (rules.isAgentActive.get(agent)) {
          assertThat(rules.firstTaker(agent, config, now)).isEmpty();
        }
      }
      long over = now;
      rules.refusals.removeIf(r -> r.endNanos() <= over);
    }
  }

  private void change(
      SeededRandom random, Allocator allocator, NaiveAllocator rules, long nowNanos) {
    int what = random.nextInt(12);
    if (what == 0 || rules.agents.isEmpty()) {
      int slot = random.nextInt(6);
      if (!rules.agents.containsKey(slot)) {
        Resources total =
            ResourceText.parseResources(AGENTS.get(random.nextInt(AGENTS.size())), "*")
                .orElseThrow();
        boolean isActive = random.chance(0.8);
        allocator.addAgent(slot, total, List.of(), isActive);
        rules.agents.put(slot, total);
        rules.isAgentActive.put(slot, isActive);
      }
    } else if (what <= 2 || rules.profiles.isEmpty()) {
      int slot = random.nextInt(5);
      TreeSet<String> roles = new TreeSet<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        roles.add(ROLES.get(random.nextInt(ROLES.size())));
      }
      if (random.chance(0.2)) {
        roles.clear();
      }
      FrameworkProfile profile =
          rules.profiles.getOrDefault(
              slot,
              new FrameworkProfile(
                  "fw" + slot,
                  random.chance(0.5),
                  false,
                  false,
                  true,
                  random.chance(0.1) ? Map.of("b", LITTLE) : Map.of()));
      allocator.setFramework(slot, profile, roles);
      rules.profiles.put(slot, profile);
      rules.activeRoles.put(slot, roles);
    } else if (what == 3) {
      int agent = new ArrayList<>(rules.agents.keySet()).get(random.nextInt(rules.agents.size()));
      boolean isActive = !rules.isAgentActive.get(agent);
      allocator.setAgentActive(agent, isActive);
      rules.isAgentActive.put(agent, isActive);
    } else if (what == 4) {
      int slot =
          new ArrayList<>(rules.profiles.keySet()).get(random.nextInt(rules.profiles.size()));
      for (String role : rules.activeRoles.get(slot)) {
        allocator.revive(slot, role);
        rules.refusals.removeIf(r -> r.client().equals(new ClientKey(slot, role)));
      }
    } else if (what == 5) {
      removeAgent(random, allocator, rules);
    } else if (!rules.held.isEmpty()) {
      Holding holding = rules.held.remove(random.nextInt(rules.held.size()));
      ClientKey client = holding.client();
      if (random.chance(0.6)) {
        long refuse = random.nextLong(5_000_000_000L);
        allocator.refuse(
            client.framework(),
            client.role(),
            holding.agent(),
            holding.resources(),
            refuse,
            nowNanos);
        long end = nowNanos + Math.max(refuse, 1_000_000_000L);
        rules.refusals.add(
            new Refusal(
                client,
                holding.agent(),
                holding.resources(),
                (end + 9_999_999L) / 10_000_000L * 10_000_000L));
      } else {
        allocator.release(client.framework(), client.role(), holding.agent(), holding.resources());
      }
    }
  }

  private static void removeAgent(SeededRandom random, Allocator allocator, NaiveAllocator rules) {
    int agent = new ArrayList<>(rules.agents.keySet()).get(random.nextInt(rules.agents.size()));
    for (Holding holding : List.copyOf(rules.held)) {
      if (holding.agent() == agent) {
        rules.held.remove(holding);
        allocator.release(
            holding.client().framework(), holding.client().role(), agent, holding.resources());
      }
    }
    allocator.removeAgent(agent);
    rules.agents.remove(agent);
    rules.isAgentActive.remove(agent);
    rules.refusals.removeIf(r -> r.agent() == agent);
  }
}
