package dev.weft.cli.local;

/** Is told what the local mesh is doing, for people who wait. */
@FunctionalInterface
public interface MeshProgress {
  void step(String what);
}
