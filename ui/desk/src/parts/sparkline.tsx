interface SparklineProps {
  /** 1 = best, 0 = worst; oldest first. */
  trend: readonly number[];
  label?: string;
  width?: number;
  height?: number;
  withEnd?: boolean;
}

const BAD_UP_TO = 0.26;
const WARN_UP_TO = 0.46;

export function lookOf(trend: readonly number[]): '' | 'warn' | 'bad' {
  const last = trend.at(-1) ?? 1;
  if (last <= BAD_UP_TO) return 'bad';
  return last <= WARN_UP_TO ? 'warn' : '';
}

/** The line falls as the mood does. One point is drawn as a level line. */
export function pointsOf(trend: readonly number[], width: number, height: number): string {
  const values = trend.length === 1 ? [trend[0]!, trend[0]!] : trend;
  const step = (width - 6) / Math.max(1, values.length - 1);
  return values
    .map((value, index) => {
      const y = 3 + (1 - Math.min(1, Math.max(0, value))) * (height - 6);
      return `${(2 + index * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

export function Sparkline({ trend, label, width = 44, height = 16, withEnd = false }: SparklineProps) {
  if (trend.length === 0) return null;
  const points = pointsOf(trend, width, height);
  const [x, y] = points.split(' ').at(-1)!.split(',');
  const spoken = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true as const };
  return (
    <svg className={`spark ${lookOf(trend)}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`} {...spoken}>
      {withEnd && <line className="base" x1="0" x2={width} y1={height / 2} y2={height / 2} />}
      <polyline points={points} />
      {withEnd && <circle className="end" cx={x} cy={y} r="2.8" />}
    </svg>
  );
}
