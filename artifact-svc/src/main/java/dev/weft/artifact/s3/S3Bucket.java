package dev.weft.artifact.s3;

import dev.weft.artifact.app.StoreFullException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The requests that are made of a bucket; their failures are failures of I/O. */
final class S3Bucket {

  private static final int INSUFFICIENT_STORAGE = 507;
  private static final int NOT_FOUND = 404;
  private static final String BYTES = "application/octet-stream";

  private final S3Client client;
  private final String name;

  S3Bucket(S3Client client, String name) {
    this.client = client;
    this.name = name;
  }

  /** What one request is answered. */
  <T> T ask(Function<S3Client, T> request) throws IOException {
    try {
      return request.apply(client);
    } catch (NoSuchKeyException e) {
      throw new NoSuchFileException(String.valueOf(e.getMessage()));
    } catch (SdkException e) {
      throw explained(e);
    }
  }

  private static IOException explained(SdkException failure) {
    if (failure instanceof S3Exception refused) {
      if (refused.statusCode() == INSUFFICIENT_STORAGE) {
        return new StoreFullException(String.valueOf(refused.getMessage()), refused);
      }
      if (refused.statusCode() == NOT_FOUND) {
        return new NoSuchFileException(String.valueOf(refused.getMessage()));
      }
    }
    return new IOException(failure.getMessage(), failure);
  }

  void put(String key, byte[] content, int length) throws IOException {
    ask(s3 -> s3.putObject(put -> put.bucket(name).key(key), body(content, length)));
  }

  /** Unless there is one; then refused with 412. */
  void putFirst(String key, byte[] content) throws IOException {
    ask(
        s3 ->
            s3.putObject(
                put -> put.bucket(name).key(key).ifNoneMatch("*"), body(content, content.length)));
  }

  /** Whether the bucket answered with this HTTP status. */
  static boolean isRefused(IOException failure, int status) {
    return failure.getCause() instanceof S3Exception refused && refused.statusCode() == status;
  }

  /** Without a copy; read again when the request is. */
  private static RequestBody body(byte[] content, int length) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(content, 0, length), length, BYTES);
  }

  String beginParts(String key) throws IOException {
    return ask(s3 -> s3.createMultipartUpload(begin -> begin.bucket(name).key(key)).uploadId());
  }

  CompletedPart putPart(String key, String upload, int number, byte[] content, int length)
      throws IOException {
    return ask(
        s3 -> {
          String tag =
              s3.uploadPart(
                      part -> part.bucket(name).key(key).uploadId(upload).partNumber(number),
                      body(content, length))
                  .eTag();
          return CompletedPart.builder().partNumber(number).eTag(tag).build();
        });
  }

  /**
   * An answer that was lost may have been a good one: then the upload is gone, its object there.
   */
  void endParts(String key, String upload, List<CompletedPart> parts, long size)
      throws IOException {
    try {
      ask(
          s3 ->
              s3.completeMultipartUpload(
                  end ->
                      end.bucket(name)
                          .key(key)
                          .uploadId(upload)
                          .multipartUpload(all -> all.parts(parts))));
    } catch (IOException e) {
      if (!OptionalLong.of(size).equals(size(key))) {
        throw e;
      }
    }
  }

  void dropParts(String key, String upload) throws IOException {
    ask(s3 -> s3.abortMultipartUpload(drop -> drop.bucket(name).key(key).uploadId(upload)));
  }

  private OptionalLong size(String key) throws IOException {
    try {
      return OptionalLong.of(
          ask(s3 -> s3.headObject(head -> head.bucket(name).key(key)).contentLength()));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  ResponseInputStream<GetObjectResponse> get(String key, long position) throws IOException {
    return ask(
        s3 ->
            s3.getObject(
                get -> {
                  get.bucket(name).key(key);
                  if (position > 0) {
                    get.range("bytes=" + position + "-");
                  }
                }));
  }

  void delete(List<String> keys) throws IOException {
    List<ObjectIdentifier> objects =
        keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    var left =
        ask(
            s3 ->
                s3.deleteObjects(
                        each -> each.bucket(name).delete(all -> all.objects(objects).quiet(true)))
                    .errors());
    if (!left.isEmpty()) {
      throw new IOException("not deleted: " + left.size() + ", " + left.getFirst().message());
    }
  }

  String name() {
    return name;
  }

  void close() {
    client.close();
  }
}
