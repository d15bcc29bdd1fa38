package io.deriver.testkit.model;

import java.util.Arrays;

/**
 * One state: three items of two keys, two nodes with a slot each, and at most one thread on each
 * that outlived its run. Fences are not numbers here but the answer to the only question they are
 * asked: does this run still hold its key?
 */
final class World {

  static final int ITEMS = 3;
  static final int KEYS = 2;
  static final int NODES = 2;
  static final int MAX_ATTEMPTS = 2;

  static final byte NOT_YET = 0;
  static final byte NOTED = 1;
  static final byte PENDING = 2;
  static final byte DONE = 3;
  static final byte DEAD = 4;
  static final byte LOST = 5;
  static final byte BETWEEN = 6;

  static final byte NOBODY = 0;
  static final byte ENDED_PROCESS = 3;

  static final byte IDLE = 0;
  static final byte WORKING = 1;
  static final byte HUNG = 2;
  static final byte FAILED = 3;
  static final byte TIMED_OUT = 4;
  static final byte ANSWER_LOST = 5;
  static final byte EFFECT_MADE = 6;
  static final byte LOOKED = 7;
  static final byte SNAPSHOT_TAKEN = 8;

  static final int CRASHES = 0;
  static final int PAUSES = 1;
  static final int LOST_ANSWERS = 2;

  /** Of each item. */
  final byte[] place = new byte[ITEMS];

  final byte[] effects = new byte[ITEMS];

  /** Of each key: who holds it (a node's number + 1), the items held, and its past. */
  final byte[] holder = new byte[KEYS];

  final byte[] held = new byte[KEYS];
  final byte[] attempts = new byte[KEYS];
  final byte[] suspect = new byte[KEYS];
  final byte[] mostNext = new byte[KEYS];

  /** Of each node. */
  final byte[] paused = new byte[NODES];

  final byte[] expired = new byte[NODES];
  final byte[] phase = new byte[NODES];
  final byte[] runKey = new byte[NODES];
  final byte[] runItems = new byte[NODES];
  final byte[] current = new byte[NODES];
  final byte[] zombie = new byte[NODES];
  final byte[] zombieKey = new byte[NODES];
  final byte[] zombieItems = new byte[NODES];

  /** Whether the claim of the abandoned run was still its own when last looked at. */
  final byte[] zombieCurrent = new byte[NODES];

  /** How many crashes, pauses and lost answers may still come out of the blue. */
  final byte[] left = new byte[3];

  static int keyOf(int item) {
    return item < 2 ? 0 : 1;
  }

  private byte[][] all() {
    return new byte[][] {
      place,
      effects,
      holder,
      held,
      attempts,
      suspect,
      mostNext,
      paused,
      expired,
      phase,
      runKey,
      runItems,
      current,
      zombie,
      zombieKey,
      zombieItems,
      zombieCurrent,
      left
    };
  }

  World copy() {
    World copy = new World();
    byte[][] from = all();
    byte[][] to = copy.all();
    for (int i = 0; i < from.length; i++) {
      System.arraycopy(from[i], 0, to[i], 0, from[i].length);
    }
    return copy;
  }

  /** What nobody will look at again is set to nought, so that states that are equal look so. */
  World forgotten() {
    for (int node = 0; node < NODES; node++) {
      if (phase[node] == IDLE) {
        runKey[node] = 0;
        runItems[node] = 0;
        current[node] = 0;
      }
      if (zombie[node] == 0) {
        zombieKey[node] = 0;
        zombieItems[node] = 0;
        zombieCurrent[node] = 0;
      }
    }
    return this;
  }

  /** Equal for equal states. */
  String id() {
    StringBuilder id = new StringBuilder();
    for (byte[] some : all()) {
      for (byte one : some) {
        id.append((char) one);
      }
    }
    return id.toString();
  }

  static World of(String id) {
    World world = new World();
    int at = 0;
    for (byte[] some : world.all()) {
      for (int i = 0; i < some.length; i++) {
        some[i] = (byte) id.charAt(at++);
      }
    }
    return world;
  }

  /** The pending items of a key, as bits. */
  int pending(int key) {
    int items = 0;
    for (int i = 0; i < ITEMS; i++) {
      if (keyOf(i) == key && place[i] == PENDING) {
        items |= 1 << i;
      }
    }
    return items;
  }

  boolean isOver() {
    for (byte where : place) {
      if (where != DONE && where != DEAD) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "place=%s effects=%s holder=%s held=%s attempts=%s suspect=%s phase=%s current=%s zombie=%s"
        .formatted(
            Arrays.toString(place),
            Arrays.toString(effects),
            Arrays.toString(holder),
            Arrays.toString(held),
            Arrays.toString(attempts),
            Arrays.toString(suspect),
            Arrays.toString(phase),
            Arrays.toString(current),
            Arrays.toString(zombie));
  }
}
