// SPDX-License-Identifier: Apache-2.0
package io.mows.it.page;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.stream.Collectors;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window, one page at a time. */
final class Browser implements AutoCloseable {
  private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(2);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  static Browser start() {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    // It is root in CI, where Chromium's sandbox refuses to work, and reads nothing but our page.
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--window-size=1280,1180");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File("/usr/bin/chromedriver"))
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  void open(URI page) {
    driver.get(page.toString());
  }

  /** What a script returns. */
  long number(String script) {
    return ((Number) driver.executeScript(script)).longValue();
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  WebElement one(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  void type(String keys) {
    one("body").sendKeys(keys);
  }

  /** The rows of a table that are no "nothing here", or what is in them. */
  List<WebElement> rows(String css) {
    return css.contains(" ")
        ? all(css)
        : all(css + " tbody tr").stream()
            .filter(row -> row.findElements(By.cssSelector("td.empty")).isEmpty())
            .collect(Collectors.toList());
  }

  List<String> texts(String css) {
    return all(css).stream().map(WebElement::getText).collect(Collectors.toList());
  }

  void await(String what, BooleanSupplier holds) throws InterruptedException {
    await(what, holds, () -> one("body").getText());
  }

  /** The page draws anew what changes: an element may be gone when it is asked. */
  void await(String what, BooleanSupplier holds, Supplier<String> detail)
      throws InterruptedException {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (!holdsNow(holds)) {
      assertTrue(
          System.nanoTime() - deadlineNs < 0,
          () -> "The page does not show " + what + ": " + detail.get());
      Thread.sleep(200);
    }
  }

  private static boolean holdsNow(BooleanSupplier holds) {
    try {
      return holds.getAsBoolean();
    } catch (StaleElementReferenceException e) {
      return false;
    }
  }

  /**
   * @param scheme {@code light} or {@code dark}
   */
  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  void screenshot(String name) throws IOException {
    Files.createDirectories(SCREENSHOTS);
    Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /** Errors of the script, and what the policy of the page has forbidden. */
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      complaints.add(entry.getLevel() + " " + entry.getMessage());
    }
    return complaints;
  }

  /** What the page has loaded from anywhere but below {@code own}. */
  List<String> foreignRequests(URI own) {
    Object names =
        driver.executeScript(
            "return performance.getEntriesByType('resource').map(entry => entry.name)");
    List<String> foreign = new ArrayList<>();
    for (Object name : (List<?>) names) {
      if (!name.toString().startsWith(own.resolve("/mows/").toString())) {
        foreign.add(name.toString());
      }
    }
    return foreign;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
