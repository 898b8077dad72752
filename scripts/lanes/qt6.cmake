# Read by QGIS's own CMakeLists right after `project(qgis)`; once its targets exist, makes the large ones quick to
# compile: headers that nearly all sources read are compiled once, and sources are compiled in groups.
#   CSP_GROUP   sources compiled as one (1: each alone)
#   CSP_APART   folder of `<target>.apart`, a line each: groups that do not compile as one (g12), and sources that do not
#               compile after those headers (qgsname.cpp)
# A group has its own file, so taking one apart compiles the others no second time.

set(qt_headers QtCore QtGui QtXml QtNetwork QtSql QtWidgets QtConcurrent)
list(TRANSFORM qt_headers REPLACE "(.+)" "<\\1/\\1>")
set(std_headers algorithm array atomic cmath cstring fstream functional iostream limits list map memory mutex numeric
    optional queue set sstream string tuple unordered_map unordered_set variant vector)
list(TRANSFORM std_headers REPLACE "(.+)" "<\\1>")
set(core_headers qgis qgsapplication qgscoordinatereferencesystem qgscoordinatetransform qgsexpression
    qgsexpressioncontextutils qgsfeature qgsfeatureiterator qgsfeedback qgsfillsymbol qgsgeometry qgsgeometrycollection
    qgsgeos qgslayertree qgslayout qgslinestring qgslinesymbol qgslogger qgsmarkersymbol qgsmessagelog qgsogrutils
    qgspolygon qgsprocessingalgorithm qgsprocessingcontext qgsprocessingparameters qgsproject qgsproviderregistry
    qgsrasterlayer qgsrendercontext qgssettings qgssettingsentryimpl qgssymbol qgssymbollayerutils qgstextrenderer
    qgsunittypes qgsvectordataprovider qgsvectorlayer)
list(TRANSFORM core_headers REPLACE "(.+)" "\"\\1.h\"")
set(gui_headers qgsattributeform qgscolorbutton qgseditorwidgetwrapper qgsfieldcombobox qgsfilterlineedit qgsgui
    qgsguiutils qgshelp qgslayertreeview qgsmapcanvas qgsmaplayercombobox qgsmaplayerconfigwidget qgsmapmouseevent
    qgsmessagebar qgspanelwidget qgsprocessingwidgetwrapper qgsprojectionselectionwidget qgspropertyoverridebutton
    qgsrubberband qgssymbolbutton qgssymbolwidgetcontext)
list(TRANSFORM gui_headers REPLACE "(.+)" "\"\\1.h\"")

set(all_headers ${std_headers} ${qt_headers} ${core_headers})
list(TRANSFORM all_headers REPLACE "(.+)" "$<$<COMPILE_LANGUAGE:CXX>:\\1>" OUTPUT_VARIABLE csp_core_headers)
list(TRANSFORM gui_headers REPLACE "(.+)" "$<$<COMPILE_LANGUAGE:CXX>:\\1>" OUTPUT_VARIABLE csp_gui_headers)
# Deferred calls see the cache, not this file's variables.
set(CSP_CORE_HEADERS "${csp_core_headers}" CACHE INTERNAL "")
set(CSP_GUI_HEADERS "${csp_core_headers};${csp_gui_headers}" CACHE INTERNAL "")

# Other people's sources keep to themselves; QGIS's own are put in groups of `size`, in the order they are listed.
function(csp_group target size)
    get_target_property(folder ${target} SOURCE_DIR)
    get_target_property(sources ${target} SOURCES)
    set(apart "")
    if(EXISTS "${CSP_APART}/${target}.apart")
        file(STRINGS "${CSP_APART}/${target}.apart" apart)
    endif()
    set(count 0)
    foreach(source IN LISTS sources)
        get_filename_component(path "${source}" ABSOLUTE BASE_DIR "${folder}")
        get_filename_component(name "${source}" NAME)
        set(alone FALSE)
        if(path MATCHES "/external/|\\.cc?$")
            set(alone TRUE)
        elseif(path MATCHES "^${CMAKE_SOURCE_DIR}/src/.*\\.cpp$")
            math(EXPR group "${count} / ${size}")
            math(EXPR count "${count} + 1")
            if(name IN_LIST apart)
                set(alone TRUE)
            elseif(size GREATER 1 AND NOT "g${group}" IN_LIST apart)
                set_source_files_properties("${path}" TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP "g${group}")
            endif()
        endif()
        if(alone)
            set_source_files_properties("${path}" TARGET_DIRECTORY ${target} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
        endif()
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

function(csp_precompile target)
    if(TARGET ${target})
        target_precompile_headers(${target} PRIVATE ${ARGN})
    endif()
endfunction()

function(csp_quick)
    foreach(target qgis_core qgis_analysis qgis_gui qgis_app qgis_server wms wfs wcs wmts wfs3 provider_wms provider_wfs
            provider_wcs provider_postgres provider_postgresraster provider_spatialite provider_virtuallayer
            provider_arcgisfeatureserver provider_delimitedtext)
        if(TARGET ${target})
            csp_group(${target} ${CSP_GROUP})
        endif()
        foreach(twin ${target}_a ${target}_gui_a ${target}_static)  # for a QGIS in one piece, which this is not
            if(TARGET ${twin})
                set_target_properties(${twin} PROPERTIES EXCLUDE_FROM_ALL ON)
            endif()
        endforeach()
    endforeach()
    foreach(target qgis_core qgis_analysis qgis_server)
        csp_precompile(${target} ${CSP_CORE_HEADERS})
    endforeach()
    foreach(target qgis_gui qgis_app)
        csp_precompile(${target} ${CSP_GUI_HEADERS})
    endforeach()
    # Python's own first: it has members called `slots`, which Qt makes a macro.
    foreach(target core analysis server)
        csp_precompile(python_module_qgis__${target} <Python.h> ${CSP_CORE_HEADERS})
    endforeach()
    csp_precompile(python_module_qgis__gui <Python.h> ${CSP_GUI_HEADERS})
endfunction()
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL csp_quick)
