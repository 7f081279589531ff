; Inno Setup 6.3 or newer: iscc /DVersion=0.1.0 build\windows\installer.iss
; It installs for one person, without administrator's rights. WebView2 and .NET are looked for, as the program does.

#ifndef Version
  #error Name the version: iscc /DVersion=...
#endif
#define Title "Small DataSet Audio"
#define Program "small-dataset-audio"

[Setup]
AppId={{6A1C2C8E-5E0B-4C2E-9C43-5F7B6D1F9A20}
AppName={#Title}
AppVersion={#Version}
AppPublisher={#Title}
DefaultDirName={autopf}\{#Title}
DefaultGroupName={#Title}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir=..\..\dist
OutputBaseFilename={#Program}-{#Version}-setup
SetupIconFile=..\..\.cache\icons\icon.ico
UninstallDisplayIcon={app}\{#Program}.exe
LicenseFile=..\..\LICENSE
Compression=lzma2/ultra64
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes

[Files]
Source: "..\..\dist\{#Program}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "..\..\.cache\icons\document.ico"; DestDir: "{app}"; Flags: ignoreversion
; both are put there by the release workflow, from Microsoft
Source: "redist\MicrosoftEdgeWebview2Setup.exe"; DestDir: "{tmp}"; Flags: deleteafterinstall skipifsourcedoesntexist
Source: "redist\vc_redist.x64.exe"; DestDir: "{tmp}"; Flags: deleteafterinstall skipifsourcedoesntexist

[Tasks]
Name: "path"; Description: "Let terminals find the command sda"
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Icons]
Name: "{group}\{#Title}"; Filename: "{app}\{#Program}.exe"
Name: "{autodesktop}\{#Title}"; Filename: "{app}\{#Program}.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.sda"; ValueType: string; ValueData: "SmallDataSetAudio.Model"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\SmallDataSetAudio.Model"; ValueType: string; ValueData: "Sound model"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\SmallDataSetAudio.Model\DefaultIcon"; ValueType: string; ValueData: "{app}\document.ico"
Root: HKA; Subkey: "Software\Classes\SmallDataSetAudio.Model\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}.exe"" ""%1"""

[Run]
Filename: "{tmp}\vc_redist.x64.exe"; Parameters: "/install /quiet /norestart"; Check: NeedsRuntime; StatusMsg: "Microsoft's runtime library"
Filename: "{tmp}\MicrosoftEdgeWebview2Setup.exe"; Parameters: "/silent /install"; Check: NeedsWebView; StatusMsg: "Microsoft's WebView2"
Filename: "{app}\{#Program}.exe"; Description: "{cm:LaunchProgram,{#Title}}"; Flags: nowait postinstall skipifsilent

[Code]
const
  Client = 'Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}';
  DotNet = 394802;

function IsThere(Name: String): Boolean;
begin
  Result := FileExists(ExpandConstant('{tmp}\') + Name);
end;

function NeedsWebView: Boolean;
var Found: String;
begin
  Result := IsThere('MicrosoftEdgeWebview2Setup.exe')
    and not RegQueryStringValue(HKLM, 'SOFTWARE\WOW6432Node\' + Client, 'pv', Found)
    and not RegQueryStringValue(HKCU, 'SOFTWARE\' + Client, 'pv', Found);
end;

function NeedsRuntime: Boolean;
begin
  Result := IsThere('vc_redist.x64.exe') and IsAdminInstallMode and not FileExists(ExpandConstant('{sys}\vcruntime140_1.dll'));
end;

function InitializeSetup: Boolean;
var Release: Cardinal;
begin
  Result := RegQueryDWordValue(HKLM, 'SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full', 'Release', Release)
    and (Release >= DotNet);
  if not Result then
    MsgBox('The window needs .NET Framework 4.6.2 or newer. Install it from microsoft.com, then start this again.',
      mbError, MB_OK);
end;

procedure CurStepChanged(Step: TSetupStep);
var Before: String;
begin
  if (Step = ssPostInstall) and WizardIsTaskSelected('path') then begin
    if not RegQueryStringValue(HKCU, 'Environment', 'Path', Before) then Before := '';
    if Pos(Lowercase(ExpandConstant('{app}')), Lowercase(Before)) = 0 then
      RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Before + ';' + ExpandConstant('{app}'));
  end;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var Before: String;
begin
  if (Step = usPostUninstall) and RegQueryStringValue(HKCU, 'Environment', 'Path', Before) then begin
    StringChangeEx(Before, ';' + ExpandConstant('{app}'), '', True);
    RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Before);
  end;
end;
