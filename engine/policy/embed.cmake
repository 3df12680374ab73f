# The packs under policies/ become part of the program: spiritsafe_embed checks them and writes their bytes as C++.
# spiritsafe_packs is spiritsafe_policy with them; a program that links spiritsafe_policy alone has none.
set_source_files_properties(${CMAKE_SOURCE_DIR}/engine/policy/modules.cc PROPERTIES COMPILE_DEFINITIONS SPIRITSAFE_VERSION="${PROJECT_VERSION}")

add_executable(spiritsafe_embed ${CMAKE_SOURCE_DIR}/engine/policy/embed/main.cc)
target_link_libraries(spiritsafe_embed PRIVATE spiritsafe_policy Threads::Threads)

file(GLOB_RECURSE policy_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/policies/*.yaml ${CMAKE_SOURCE_DIR}/policies/*.yml)
set(embedded_packs ${CMAKE_BINARY_DIR}/embedded_packs.cc)
add_custom_command(
  OUTPUT ${embedded_packs}
  COMMAND spiritsafe_embed ${embedded_packs} ${CMAKE_SOURCE_DIR}/policies
  DEPENDS spiritsafe_embed ${policy_files}
  COMMENT "Checking and embedding policies/"
  VERBATIM)

# An object rather than an archive: the linker takes it before the empty table of spiritsafe_policy.
add_library(spiritsafe_packs_object OBJECT ${embedded_packs})
add_library(spiritsafe_packs INTERFACE)
target_sources(spiritsafe_packs INTERFACE $<TARGET_OBJECTS:spiritsafe_packs_object>)
target_link_libraries(spiritsafe_packs INTERFACE spiritsafe_policy)
