package io.deriver.testkit.model;

import static io.deriver.testkit.model.World.BETWEEN;
import static io.deriver.testkit.model.World.ENDED_PROCESS;
import static io.deriver.testkit.model.World.HUNG;
import static io.deriver.testkit.model.World.IDLE;
import static io.deriver.testkit.model.World.ITEMS;
import static io.deriver.testkit.model.World.KEYS;
import static io.deriver.testkit.model.World.LOST;
import static io.deriver.testkit.model.World.NOBODY;
import static io.deriver.testkit.model.World.NODES;
import static io.deriver.testkit.model.World.NOTED;
import static io.deriver.testkit.model.World.NOT_YET;
import static io.deriver.testkit.model.World.PENDING;
import static io.deriver.testkit.model.World.SNAPSHOT_TAKEN;
import static io.deriver.testkit.model.World.WORKING;
import static io.deriver.testkit.model.World.keyOf;

import java.util.List;
import java.util.Set;

/**
 * What can happen next in a state: one step is what one transaction, or one thread, does at once.
 */
final class Protocol {

  private final Faults faults;
  private final Set<Flaw> flaws;
  private final ClaimEnds ends;
  private final RunSteps runs;

  Protocol(Faults faults, Set<Flaw> flaws) {
    this.faults = faults;
    this.flaws = flaws;
    this.ends = new ClaimEnds(flaws);
    this.runs = new RunSteps(faults, flaws, ends);
  }

  World start() {
    World world = new World();
    world.left[World.CRASHES] = (byte) faults.crashes();
    world.left[World.PAUSES] = (byte) faults.pauses();
    world.left[World.LOST_ANSWERS] = (byte) faults.lostAnswers();
    return world;
  }

  List<Step> next(World world) {
    Steps steps = new Steps(world);
    enqueueAndRoute(steps);
    for (int node = 0; node < NODES; node++) {
      if (world.paused[node] == 0) {
        claim(steps, node);
        runs.run(steps, node);
        runs.zombie(steps, node);
        lease(steps, node);
      }
      standStill(steps, node);
    }
    reap(steps);
    return steps.all();
  }

  private void enqueueAndRoute(Steps steps) {
    World now = steps.now;
    for (int item = 0; item < ITEMS; item++) {
      int one = item;
      boolean isNext =
          item == 0 || keyOf(item - 1) != keyOf(item) || now.place[item - 1] != NOT_YET;
      if (now.place[item] == NOT_YET && isNext) {
        steps.add("enqueue " + item, w -> w.place[one] = NOTED);
      }
      if (now.place[item] == BETWEEN) {
        steps.add("write the head of " + item, w -> w.place[one] = PENDING);
        steps.fault("the router dies", w -> w.place[one] = LOST);
      }
    }
    byte routed = flaws.contains(Flaw.ROUTED_IN_TWO_STEPS) ? BETWEEN : PENDING;
    for (int key = 0; key < KEYS; key++) {
      int of = key;
      if (hasNoted(now, key)) {
        steps.add("route key " + key, w -> moveNoted(w, of, routed));
      }
    }
  }

  private static boolean hasNoted(World world, int key) {
    for (int item = 0; item < ITEMS; item++) {
      if (keyOf(item) == key && world.place[item] == NOTED) {
        return true;
      }
    }
    return false;
  }

  private static void moveNoted(World world, int key, byte to) {
    for (int item = 0; item < ITEMS; item++) {
      if (keyOf(item) == key && world.place[item] == NOTED) {
        world.place[item] = to;
      }
    }
  }

  private void claim(Steps steps, int node) {
    World now = steps.now;
    if (now.phase[node] == SNAPSHOT_TAKEN) {
      int key = now.runKey[node];
      if (now.holder[key] == NOBODY && now.pending(key) != 0) {
        steps.add(
            "node " + node + " claims what it saw", w -> take(w, node, key, w.runItems[node]));
      } else {
        steps.add("node " + node + " finds the key claimed", w -> w.phase[node] = IDLE);
      }
    }
    if (now.phase[node] != IDLE) {
      return;
    }
    for (int key = 0; key < KEYS; key++) {
      int of = key;
      if (now.holder[key] != NOBODY || now.pending(key) == 0) {
        continue;
      }
      if (flaws.contains(Flaw.ITEMS_OF_AN_OLD_SNAPSHOT)) {
        steps.add(
            "node " + node + " looks at key " + key,
            w -> {
              w.phase[node] = SNAPSHOT_TAKEN;
              w.runKey[node] = (byte) of;
              w.runItems[node] = (byte) unit(w, of);
            });
        continue;
      }
      steps.add("node " + node + " claims key " + key, w -> take(w, node, of, unit(w, of)));
      if (now.left[World.LOST_ANSWERS] > 0) {
        steps.fault(
            "node " + node + " claims key " + key + ", the answer is lost",
            w -> {
              w.left[World.LOST_ANSWERS]--;
              take(w, node, of, unit(w, of));
              w.phase[node] = IDLE;
              w.current[node] = 0;
            });
      }
    }
  }

  private int unit(World world, int key) {
    int pending = world.pending(key);
    if (flaws.contains(Flaw.NEWEST_FIRST)) {
      return Integer.highestOneBit(pending);
    }
    return world.mostNext[key] == 1 ? Integer.lowestOneBit(pending) : pending;
  }

  private static void take(World world, int node, int key, int items) {
    world.holder[key] = (byte) (node + 1);
    world.held[key] = (byte) items;
    world.attempts[key]++;
    world.expired[node] = 0;
    world.phase[node] = WORKING;
    world.runKey[node] = (byte) key;
    world.runItems[node] = (byte) items;
    world.current[node] = 1;
  }

  private void lease(Steps steps, int node) {
    World now = steps.now;
    boolean isRunning = now.phase[node] == WORKING || now.phase[node] == HUNG;
    if (now.expired[node] == 1 || (isRunning && now.current[node] == 0)) {
      steps.add(
          "node " + node + " renews",
          w -> {
            w.expired[node] = 0;
            if (isRunning && w.current[node] == 0) {
              if (w.phase[node] == HUNG) {
                RunSteps.abandon(w, node);
              }
              w.phase[node] = IDLE;
            }
          });
    }
    if (now.left[World.CRASHES] > 0) {
      steps.fault(
          "node " + node + " is killed",
          w -> {
            w.left[World.CRASHES]--;
            runs.endProcess(w, node);
          });
    }
  }

  private void standStill(Steps steps, int node) {
    World now = steps.now;
    if (now.paused[node] == 0) {
      if (now.left[World.PAUSES] > 0) {
        steps.fault(
            "node " + node + " stands still",
            w -> {
              w.left[World.PAUSES]--;
              w.paused[node] = 1;
            });
      }
      return;
    }
    if (now.expired[node] == 0) {
      steps.add("the lease of node " + node + " expires", w -> w.expired[node] = 1);
    }
    steps.add("node " + node + " goes on", w -> w.paused[node] = 0);
  }

  private void reap(Steps steps) {
    World now = steps.now;
    boolean someoneReaps = false;
    for (byte paused : now.paused) {
      someoneReaps |= paused == 0;
    }
    if (!someoneReaps) {
      return;
    }
    for (int key = 0; key < KEYS; key++) {
      int of = key;
      byte holder = now.holder[key];
      boolean gone = holder == ENDED_PROCESS || (holder != NOBODY && now.expired[holder - 1] == 1);
      if (gone && !flaws.contains(Flaw.NO_REAPER)) {
        steps.add("key " + key + " is taken back from a dead node", w -> ends.crashed(w, of));
      } else if (holder != NOBODY
          && !gone
          && !flaws.contains(Flaw.NO_GUARD)
          && ownsNoRun(now, key, holder - 1)) {
        steps.add("the guard of key " + key + " passes", w -> ends.guardPassed(w, of));
      }
    }
  }

  private static boolean ownsNoRun(World world, int key, int node) {
    return world.phase[node] == IDLE || world.runKey[node] != key || world.current[node] == 0;
  }
}
