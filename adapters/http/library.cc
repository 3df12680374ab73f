// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/library.h"

#include <dlfcn.h>

#include <array>

#include <fmt/format.h>

namespace spiritsafe {
namespace {

// CURLOPT_CAINFO_BLOB came with 7.77; an older one would not know which certificates to trust.
constexpr unsigned oldest_version = 0x074D00;
constexpr std::array<const char*, 4> names = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib",
                                              "/usr/lib/libcurl.4.dylib"};

void* open_library() {
  for (const char* name : names) {
    if (void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
      return library;
    }
  }
  return nullptr;
}

template <class Function>
void find(void* library, const char* name, Function& function, bool& complete) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  complete = complete && function;
}

CurlLibrary load() {
  CurlLibrary curl;
  void* library = open_library();  // never closed: its threads and exit handlers may outlive us
  if (!library) {
    curl.fault = "libcurl.so.4 is not here; install libcurl (Debian: apt-get install libcurl4)";
    return curl;
  }
  bool complete = true;
  find(library, "curl_global_init", curl.global_init, complete);
  find(library, "curl_version_info", curl.version_info, complete);
  find(library, "curl_easy_init", curl.easy_init, complete);
  find(library, "curl_easy_cleanup", curl.easy_cleanup, complete);
  find(library, "curl_easy_reset", curl.easy_reset, complete);
  find(library, "curl_easy_perform", curl.easy_perform, complete);
  find(library, "curl_easy_strerror", curl.easy_strerror, complete);
  find(library, "curl_slist_append", curl.slist_append, complete);
  find(library, "curl_slist_free_all", curl.slist_free_all, complete);
  find(library, "curl_easy_setopt", curl.easy_setopt, complete);
  find(library, "curl_easy_getinfo", curl.easy_getinfo, complete);
  if (!complete || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    curl.fault = "libcurl is here and cannot be used";
    return curl;
  }
  const curl_version_info_data* version = curl.version_info(CURLVERSION_NOW);
  if (version->version_num < oldest_version) {
    curl.fault = fmt::format("libcurl {} is here; 7.77 or newer is needed", version->version);
  }
  return curl;
}

}  // namespace

const CurlLibrary& curl_library() {
  static const CurlLibrary library = load();
  return library;
}

}  // namespace spiritsafe
