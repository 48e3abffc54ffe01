using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>
/// Prometheus text exposition format 0.0.4 of OpenTelemetry metrics: dots become underscores, the unit and
/// _total are appended as the compatibility specification of OpenTelemetry says.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(in Batch<Metric> batch)
    {
        var text = new StringBuilder();
        foreach (Metric metric in batch)
        {
            Write(text, metric);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Metric metric)
    {
        string kind = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.LongGauge or MetricType.DoubleGauge
                or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
            MetricType.Histogram => "histogram",
            _ => "",
        };
        if (kind.Length == 0)
        {
            return;
        }

        string name = NameOf(metric.Name, metric.Unit, kind == "counter");
        text.Append("# HELP ").Append(name).Append(' ').AppendLf(EscapeHelp(metric.Description));
        text.Append("# TYPE ").Append(name).Append(' ').AppendLf(kind);
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            string labels = LabelsOf(point);
            if (metric.MetricType == MetricType.Histogram)
            {
                WriteHistogram(text, name, labels, point);
            }
            else
            {
                WriteSample(text, name, labels, ValueOf(metric.MetricType, point));
            }
        }
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static void WriteHistogram(StringBuilder text, string name, string labels, in MetricPoint point)
    {
        long below = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            string bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound);
            string le = $"le=\"{bound}\"";
            WriteSample(text, name + "_bucket", labels.Length == 0 ? le : $"{labels},{le}", below);
        }

        WriteSample(text, name + "_sum", labels, point.GetHistogramSum());
        WriteSample(text, name + "_count", labels, point.GetHistogramCount());
    }

    private static void WriteSample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').AppendLf(Number(value));
    }

    private static string LabelsOf(in MetricPoint point)
    {
        var text = new StringBuilder();
        foreach (KeyValuePair<string, object?> tag in point.Tags)
        {
            string value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            text.Append(text.Length == 0 ? "" : ",").Append(Clean(tag.Key)).Append("=\"")
                .Append(EscapeHelp(value).Replace("\"", "\\\"")).Append('"');
        }

        return text.ToString();
    }

    internal static string NameOf(string name, string unit, bool counter)
    {
        string suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            _ => "",
        };
        string clean = Clean(name);
        string withUnit = clean.EndsWith(suffix, StringComparison.Ordinal) ? clean : clean + suffix;
        return counter && !withUnit.EndsWith("_total", StringComparison.Ordinal) ? withUnit + "_total" : withUnit;
    }

    private static string Clean(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string EscapeHelp(string text) => text.Replace("\\", "\\\\").Replace("\n", "\\n");

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The format wants a line feed on every platform.</summary>
    private static void AppendLf(this StringBuilder text, string line) => text.Append(line).Append('\n');
}
