package dev.weft.worker.app;

/** How busy the machine is; each 0…1. */
public record HostLoad(double cpu, double memory, double disk) {}
