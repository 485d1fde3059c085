; The setup of TownSafe: for one user, without an administrator, in Chinese.
;
; makensis gets from setup.py: VERSION, PAYLOAD (folder), ICON, SIDE (picture), OUTPUT, SIZE_KB, TARGET, COMPRESSOR, and SIGNER where
; a certificate is given. Exit status: 0 done; 1 cancelled; 2 failed; 5 the program is running; 6 this Windows is too
; old; 7 the folder holds something else. Data are never touched: they lie in %LOCALAPPDATA%\TownSafe.

Unicode true
Target ${TARGET}
!if "${COMPRESSOR}" == "lzma"
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!else
  SetCompressor ${COMPRESSOR}
!endif
SetDateSave off
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
CRCCheck on

!define NAME "镇安"
!define APP_ID "TownSafe.TownSafe" ; desktop/system/windows_identity.py gives the running program the same one
!define FILE_TYPE "TownSafe.Backup"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\TownSafe"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define OLDEST_BUILD 17763 ; Windows 10, version 1809: what Qt 6.8 and later ask for

Name "${NAME}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\TownSafe"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow

!include MUI2.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include x64.nsh
!include FileFunc.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh
!define /ifndef PKEY_AppUserModel_ID '"{9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3}",5'

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "安装${NAME} ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "${NAME}是乡镇（街道、园区）安监所的日常工作台：企业名册、检查计划、隐患整改、复查回访、年终上报。$\r$\n$\r$\n只为当前用户安装，不需要管理员密码，也不需要联网。以前的数据原样保留。$\r$\n$\r$\n单击“下一步”继续。"
!define MUI_FINISHPAGE_TITLE "${NAME}已经装好"
!define MUI_FINISHPAGE_TEXT "以后从开始菜单里的“${NAME}”打开。$\r$\n$\r$\n数据保存在 $LOCALAPPDATA\TownSafe，卸载程序不会删除它。"
!define MUI_FINISHPAGE_RUN "$INSTDIR\runtime\pythonw.exe"
!define MUI_FINISHPAGE_RUN_PARAMETERS "$\"$INSTDIR\app\townsafe.pyw$\""
!define MUI_FINISHPAGE_RUN_TEXT "现在打开${NAME}"

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_COMPONENTS
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE CheckFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "${NAME}"
VIAddVersionKey /LANG=2052 "FileDescription" "${NAME} 安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "CompanyName" "TownSafe"
VIAddVersionKey /LANG=2052 "LegalCopyright" "MIT License"

!ifdef SIGNER
  !uninstfinalize '${SIGNER} "%1"' = 0
!endif

; Whoever is told nothing on a screen is told by the exit status.
!macro Refuse status sentence
  MessageBox MB_OK|MB_ICONSTOP `${sentence}` /SD IDOK
  SetErrorLevel ${status}
  Quit
!macroend

; Windows keeps a running program's file from being opened for writing.
!macro RefuseWhileRunning file
  ${If} ${FileExists} "$INSTDIR\runtime\${file}"
    ClearErrors
    FileOpen $0 "$INSTDIR\runtime\${file}" a
    ${If} ${Errors}
      !insertmacro Refuse 5 "${NAME}正在运行（也可能在任务栏右下角的图标里）。请先退出${NAME}，再重新运行本程序。"
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

!macro DeleteProgram
  RMDir /r "$INSTDIR\app"
  RMDir /r "$INSTDIR\licences"
  RMDir /r "$INSTDIR\runtime"
  RMDir /r "$INSTDIR\site-packages"
  Delete "$INSTDIR\townsafe.cmd"
  Delete "$INSTDIR\files.sha256"
!macroend

!macro TellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)' ; SHCNE_ASSOCCHANGED
!macroend

Function .onInit
  ${WinVerGetBuild} $0
  ${IfNot} ${AtLeastWin10}
  ${OrIf} $0 < ${OLDEST_BUILD}
    !insertmacro Refuse 6 "这台电脑的 Windows 太旧，${NAME}运行不了。需要 Windows 10（1809 版或更新）或 Windows 11，64 位。"
  ${EndIf}
  ${IfNot} ${RunningX64}
    !insertmacro Refuse 6 "这台电脑的 Windows 是 32 位的，${NAME}运行不了。需要 64 位的 Windows 10（1809 版或更新）或 Windows 11。"
  ${EndIf}
  ${DisableX64FSRedirection}
  ${IfNot} ${FileExists} "$SYSDIR\icuuc.dll"
    !insertmacro Refuse 6 "这台电脑的 Windows 缺少系统文件 icuuc.dll，${NAME}运行不了。请先用 Windows 更新把系统升级到 Windows 10 1809 版或更新，再安装。"
  ${EndIf}
  ${EnableX64FSRedirection}
FunctionEnd

; Program folders are replaced whole; a folder that is not ours must therefore be empty. The answer is in $1.
Function IsFolderOurs
  StrCpy $1 "yes"
  ${If} ${FileExists} "$INSTDIR\*.*"
  ${AndIfNot} ${FileExists} "$INSTDIR\files.sha256"
    ${DirState} "$INSTDIR" $0
    ${If} $0 = 1
      StrCpy $1 "no"
    ${EndIf}
  ${EndIf}
FunctionEnd

Function CheckFolder
  Call IsFolderOurs
  ${If} $1 == "no"
    MessageBox MB_OK|MB_ICONEXCLAMATION "文件夹 $INSTDIR 里有别的文件。请选一个空文件夹，或在后面加上 \TownSafe。"
    Abort
  ${EndIf}
FunctionEnd

Section "${NAME}（必需）" Program
  SectionIn RO
  Call IsFolderOurs
  ${If} $1 == "no"
    !insertmacro Refuse 7 "文件夹 $INSTDIR 里有别的文件，没有安装。请换一个空文件夹。"
  ${EndIf}
  !insertmacro RefuseWhileRunning "pythonw.exe"
  !insertmacro RefuseWhileRunning "python.exe"
  !insertmacro DeleteProgram
  SetOutPath "$INSTDIR"
  SetOverwrite on
  ClearErrors
  File /r "${PAYLOAD}\*"
  ${If} ${Errors}
    !insertmacro Refuse 2 "有文件没有写成，安装没有完成。请确认磁盘未满、文件夹可写，再重新运行本程序。数据没有动过。"
  ${EndIf}
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\runtime\pythonw.exe" '"$INSTDIR\app\townsafe.pyw"' "$INSTDIR\app\resources\icons\townsafe.ico" 0 SW_SHOWNORMAL "" "乡镇安全生产执法工作台"
  Push "$SMPROGRAMS\${NAME}.lnk"
  Call NameShortcut

  WriteRegStr HKCU "Software\Classes\.tsbak" "" "${FILE_TYPE}"
  WriteRegStr HKCU "Software\Classes\${FILE_TYPE}" "" "${NAME}备份"
  WriteRegStr HKCU "Software\Classes\${FILE_TYPE}\DefaultIcon" "" "$INSTDIR\app\resources\icons\townsafe.ico"
  WriteRegStr HKCU "Software\Classes\${FILE_TYPE}\shell\open\command" "" '"$INSTDIR\runtime\pythonw.exe" "$INSTDIR\app\townsafe.pyw" "%1"'
  !insertmacro TellExplorer

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\app\resources\icons\townsafe.ico"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "TownSafe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "桌面快捷方式" DesktopShortcut
  CreateShortcut "$DESKTOP\${NAME}.lnk" "$INSTDIR\runtime\pythonw.exe" '"$INSTDIR\app\townsafe.pyw"' "$INSTDIR\app\resources\icons\townsafe.ico" 0 SW_SHOWNORMAL "" "乡镇安全生产执法工作台"
  Push "$DESKTOP\${NAME}.lnk"
  Call NameShortcut
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${Program} "程序和开始菜单里的“${NAME}”；双击备份文件（.tsbak）也会用${NAME}打开。"
  !insertmacro MUI_DESCRIPTION_TEXT ${DesktopShortcut} "在桌面上也放一个“${NAME}”。"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; Give a shortcut the program's own name, so that pinning it to the taskbar pins the program and not Python, and its
; notices carry its name. Where that cannot be done, the shortcut works all the same.
Function NameShortcut
  Exch $9
  Push $0
  Push $1
  Push $2
  Push $3
  Push $4
  Push $5
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Load} $1 '("$9",${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
      ${If} $2 P<> 0
        System::Call 'oleaut32::SysAllocString(w "${APP_ID}")p.r3'
        System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r4'
        System::Call '*(&i2 ${VT_LPWSTR},&i2,&i2,&i2,p r3,p)p.r5' ; a PROPVARIANT
        ${IPropertyStore::SetValue} $2 '($4,$5)'
        ${IPropertyStore::Commit} $2 ""
        ${IPersistFile::Save} $1 '("$9",1)'
        System::Call 'oleaut32::SysFreeString(p r3)'
        System::Free $4
        System::Free $5
        ${IUnknown::Release} $2 ""
      ${EndIf}
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
  Pop $5
  Pop $4
  Pop $3
  Pop $2
  Pop $1
  Pop $0
  Pop $9
FunctionEnd

Section "Uninstall"
  !insertmacro RefuseWhileRunning "pythonw.exe"
  !insertmacro RefuseWhileRunning "python.exe"
  !insertmacro DeleteProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; only when nothing else is in it
  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$DESKTOP\${NAME}.lnk"
  DeleteRegValue HKCU "${RUN}" "TownSafe"
  ReadRegStr $0 HKCU "Software\Classes\.tsbak" ""
  ${If} $0 == "${FILE_TYPE}"
    DeleteRegKey HKCU "Software\Classes\.tsbak"
  ${EndIf}
  DeleteRegKey HKCU "Software\Classes\${FILE_TYPE}"
  DeleteRegKey HKCU "${UNINSTALL}"
  !insertmacro TellExplorer
SectionEnd
