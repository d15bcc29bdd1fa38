package io.deriver.recipes;

import java.util.ArrayList;
import java.util.List;

/** All HTTP clients and SDKs that the page knows. */
final class Clients {

  private Clients() {}

  static List<Client> at(String url) {
    List<Client> clients = new ArrayList<>(new HttpClients(url).all());
    clients.addAll(new SdkClients(url).all());
    clients.addAll(new LangChainClients(url).all());
    return clients;
  }

  /** Each with each of its own timeouts. */
  static List<Limit> limitsAt(String url) {
    List<Limit> limits = new ArrayList<>(new HttpClients(url).limits(Limit.SHORT));
    limits.addAll(new SdkClients(url).limits(Limit.SHORT));
    limits.addAll(new LangChainClients(url).limits(Limit.SHORT));
    return limits;
  }
}
