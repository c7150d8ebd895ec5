package dev.weft.gateway;

/** Tells the service catalogue that this gateway is there. */
interface Announcement {

  void make();

  void withdraw();
}
