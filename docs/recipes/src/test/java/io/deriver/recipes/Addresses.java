package io.deriver.recipes;

import java.util.ArrayList;
import java.util.List;

/** Addresses where calls hang, closed together. Thread-safe. */
final class Addresses implements AutoCloseable {

  private final Connections connections = new Connections();
  private final List<Address> open = new ArrayList<>();

  Address add(String shape) {
    Address address = Address.of(shape, connections);
    synchronized (open) {
      open.add(address);
    }
    return address;
  }

  @Override
  public void close() {
    synchronized (open) {
      open.forEach(Address::close);
    }
  }
}
