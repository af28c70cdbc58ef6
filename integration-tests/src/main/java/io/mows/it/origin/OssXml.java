// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes one of OSS's XML answers, element by element. Not thread-safe. */
final class OssXml {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter out;

  OssXml(String root) {
    try {
      out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      out.writeStartDocument("UTF-8", "1.0");
      out.writeStartElement(root);
    } catch (XMLStreamException e) {
      throw impossible(e);
    }
  }

  OssXml element(String name, Object value) {
    start(name);
    try {
      out.writeCharacters(String.valueOf(value));
    } catch (XMLStreamException e) {
      throw impossible(e);
    }
    return end();
  }

  OssXml start(String name) {
    try {
      out.writeStartElement(name);
      return this;
    } catch (XMLStreamException e) {
      throw impossible(e);
    }
  }

  OssXml end() {
    try {
      out.writeEndElement();
      return this;
    } catch (XMLStreamException e) {
      throw impossible(e);
    }
  }

  /** Ends the document; nothing may be written afterwards. */
  byte[] toBytes() {
    try {
      out.writeEndDocument();
      out.close();
      return text.toString().getBytes(StandardCharsets.UTF_8);
    } catch (XMLStreamException e) {
      throw impossible(e);
    }
  }

  static byte[] error(OssException error, String requestId, String host) {
    OssXml xml = new OssXml("Error");
    xml.element("Code", error.code()).element("Message", error.getMessage());
    xml.element("RequestId", requestId).element("HostId", host);
    error.details().forEach(xml::element);
    return xml.toBytes();
  }

  static byte[] bucketInfo(String bucket, String host) {
    OssXml xml = new OssXml("BucketInfo").start("Bucket");
    xml.element("CreationDate", TIME.format(Instant.EPOCH)).element("Name", bucket);
    xml.element("Location", "oss-test").element("StorageClass", "Standard");
    xml.element("DataRedundancyType", "LRS");
    xml.element("ExtranetEndpoint", host).element("IntranetEndpoint", host);
    xml.start("Owner").element("DisplayName", "mows").element("ID", "mows").end();
    return xml.start("AccessControlList").element("Grant", "private").toBytes();
  }

  /** The answer to ListObjects version 1 or 2. */
  static byte[] listing(ListRequest request, String bucket, Listing listing) {
    OssXml xml = new OssXml("ListBucketResult").element("Name", bucket);
    xml.element("Prefix", request.encode(request.prefix()));
    xml.element("Delimiter", request.encode(request.delimiter()));
    xml.element("MaxKeys", request.maxKeys());
    if (request.isUrlEncoded()) {
      xml.element("EncodingType", ListRequest.URL);
    }
    xml.element("IsTruncated", listing.next() != null);
    request.writePaging(xml, listing);
    for (StoredObject object : listing.objects()) {
      xml.start("Contents").element("Key", request.encode(object.key()));
      xml.element("LastModified", TIME.format(Instant.ofEpochMilli(object.lastModifiedMs())));
      xml.element("ETag", '"' + object.etag() + '"').element("Type", "Normal");
      xml.element("Size", object.lengthBytes()).element("StorageClass", "Standard");
      xml.start("Owner").element("ID", "mows").element("DisplayName", "mows").end().end();
    }
    for (String prefix : listing.commonPrefixes()) {
      xml.start("CommonPrefixes").element("Prefix", request.encode(prefix)).end();
    }
    return xml.toBytes();
  }

  /** Form encoding, which clients that ask for {@code encoding-type=url} decode. */
  static String urlEncode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static IllegalStateException impossible(XMLStreamException e) {
    return new IllegalStateException("writing XML to memory cannot fail", e);
  }
}
