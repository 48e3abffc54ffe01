using System.Globalization;
using System.Net;
using System.Text;

namespace MatchCluster.Matching.Drawings;

/// <summary>How the pages of reports begin: one file each that needs nothing else.</summary>
public static class ReportPage
{
    /// <summary>Begins a page: its head with the style of all reports, and the beginning of its body.</summary>
    /// <param name="page">What is written.</param>
    /// <param name="title">The title, as text.</param>
    public static void Begin(StringBuilder page, string title) =>
        page.Append(CultureInfo.InvariantCulture, $$"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>{{WebUtility.HtmlEncode(title)}}</title>
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <style>
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#6a737d;--line:#d8dee4;--paper:#fff}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#8b949e;--line:#30363d;--paper:#0d1117} }
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1080px;
        margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem;margin:0}.knee{font-size:1.2rem;font-weight:600;margin:.3rem 0 1rem}
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(460px,1fr));gap:1.5rem}
        figure{margin:0}figcaption{font-weight:600}svg{width:100%;height:auto}
        svg text{fill:var(--soft);font-size:11px}.axis{stroke:var(--line)}.key{color:var(--soft)}
        table{border-collapse:collapse;width:100%;margin-top:1.5rem;font-variant-numeric:tabular-nums}
        td,th{padding:.25rem .5rem;text-align:right;border-bottom:1px solid var(--line)}
        th{color:var(--soft);font-weight:500}td:last-child,th:last-child{text-align:left}.broke{color:#cf222e}
        </style></head><body>

        """);
}
